package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.process.MemoryFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** The ioctls of address spaces (iommufd/ioas.c), with their checks in the kernel's order. */
final class IoasIoctls {

  private static final int FIXED_IOVA = 1;
  private static final int WRITEABLE = 2;
  private static final int READABLE = 4;

  private final IommufdContext context;

  IoasIoctls(IommufdContext context) {
    this.context = context;
  }

  private @Nullable Ioas ioas(UserStruct arg, String field) {
    return context.find(arg.id(field), Ioas.class);
  }

  private static Status noIoas(UserStruct arg, String field) {
    return Status.fail(Errno.ENOENT, "there is no IOAS " + arg.id(field));
  }

  private static Status reservedField() {
    return Status.fail(Errno.EOPNOTSUPP, "a reserved field is not zero");
  }

  private static Status overflow(String what) {
    return Status.fail(Errno.EOVERFLOW, what);
  }

  Status alloc(UserStruct arg) {
    if (arg.get("flags") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    Status memory = context.parts().allocate("struct iommufd_ioas");
    return memory.failed() ? memory : context.finish(arg, "out_ioas_id", context.allocIoas());
  }

  Status iovaRanges(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return reservedField();
    }
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    IoPageTable table = ioas.table();
    List<IovaSpans.Span> holes = table.reserved().holes(0, Unsigned.MAX);
    long capacity = arg.get("num_iovas");
    long target = arg.get("allowed_iovas");
    for (int i = 0; i < Math.min(capacity, holes.size()); i++) {
      byte[] entry = Pairs.of(holes.get(i).start(), holes.get(i).last());
      if (!arg.process().write(target + 16L * i, entry)) {
        return Status.fail(Errno.EFAULT, "allowed_iovas cannot be written");
      }
    }
    arg.put("num_iovas", holes.size());
    arg.put("out_iova_alignment", table.iovaAlignment());
    Status status = arg.copyOut();
    return !status.failed() && holes.size() > capacity
        ? Status.fail(Errno.EMSGSIZE, "there are %d ranges".formatted(holes.size()))
        : status;
  }

  Status allowIovas(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return reservedField();
    }
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    var list = new IovaSpans();
    for (long i = 0; i < arg.get("num_iovas"); i++) {
      byte[] entry = new byte[16];
      if (!arg.process().read(arg.get("allowed_iovas") + 16 * i, entry)) {
        return Status.fail(Errno.EFAULT, "allowed_iovas cannot be read");
      }
      long start = Pairs.first(entry);
      long last = Pairs.second(entry);
      if (!Unsigned.less(start, last)) {
        return Status.fail(Errno.EINVAL, "entry %d does not end behind its start".formatted(i));
      }
      if (list.overlaps(start, last)) {
        return Status.fail(Errno.EINVAL, "entry %d overlaps an earlier one".formatted(i));
      }
      Status memory = context.parts().allocate("struct iopt_allowed");
      if (memory.failed()) {
        return memory;
      }
      list.add(start, last, null);
    }
    return ioas.table().setAllowed(list);
  }

  private static int prot(long flags) {
    int prot = Protection.CACHE;
    prot |= (flags & WRITEABLE) != 0 ? Protection.WRITE : 0;
    prot |= (flags & READABLE) != 0 ? Protection.READ : 0;
    return prot;
  }

  private static int mapFlags(long flags) {
    return (flags & FIXED_IOVA) != 0 ? 0 : IoPageTable.ALLOC_IOVA;
  }

  private static @Nullable Status checkMapFlags(long flags) {
    if ((flags & ~(FIXED_IOVA | WRITEABLE | READABLE)) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    return null;
  }

  private static @Nullable Status checkRights(long flags) {
    return (flags & (WRITEABLE | READABLE)) == 0
        ? Status.fail(Errno.EINVAL, "neither READABLE nor WRITEABLE")
        : null;
  }

  Status map(UserStruct arg) {
    long flags = arg.get("flags");
    Status refused = checkMapFlags(flags);
    if (refused != null || arg.get("__reserved") != 0) {
      return refused != null ? refused : reservedField();
    }
    if (arg.get("iova") == Unsigned.MAX || arg.get("length") == Unsigned.MAX) {
      return overflow("iova or length is ULONG_MAX");
    }
    refused = checkRights(flags);
    if (refused != null) {
      return refused;
    }
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    Status status =
        ioas.table()
            .mapUserPages(
                arg.process(),
                context.accountMode(),
                arg.get("iova"),
                arg.get("user_va"),
                arg.get("length"),
                prot(flags),
                mapFlags(flags));
    return mapped(arg, "iova", ioas, status);
  }

  private static Status mapped(UserStruct arg, String field, Ioas ioas, Status status) {
    if (status.failed()) {
      return status;
    }
    arg.put(field, ioas.table().lastIova());
    return arg.copyOut();
  }

  Status mapFile(UserStruct arg) {
    long flags = arg.get("flags");
    Status refused = checkMapFlags(flags);
    if (refused != null) {
      return refused;
    }
    if (arg.get("iova") == Unsigned.MAX || arg.get("length") == Unsigned.MAX) {
      return overflow("iova or length is ULONG_MAX");
    }
    refused = checkRights(flags);
    if (refused != null) {
      return refused;
    }
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    if (arg.get("length") == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    if (Unsigned.wraps(arg.get("start"), arg.get("length"))) {
      return overflow("start + length wraps");
    }
    Process process = arg.process();
    if (!(process.file(arg.id("fd")) instanceof MemoryFile file)) {
      return process.file(arg.id("fd")) == null
          ? Status.fail(Errno.EBADF, "fd is not open")
          : Status.fail(Errno.EINVAL, "fd is not a memfd");
    }
    Status status =
        ioas.table()
            .mapFilePages(
                process,
                file,
                context.accountMode(),
                arg.get("iova"),
                arg.get("start"),
                arg.get("length"),
                prot(flags),
                mapFlags(flags));
    return mapped(arg, "iova", ioas, status);
  }

  Status copy(UserStruct arg) {
    long flags = arg.get("flags");
    Status refused = checkMapFlags(flags);
    if (refused != null) {
      return refused;
    }
    boolean tooLarge =
        arg.get("length") == Unsigned.MAX
            || arg.get("src_iova") == Unsigned.MAX
            || arg.get("dst_iova") == Unsigned.MAX;
    if (tooLarge) {
      return overflow("length, src_iova or dst_iova is ULONG_MAX");
    }
    refused = checkRights(flags);
    if (refused != null) {
      return refused;
    }
    Ioas source = ioas(arg, "src_ioas_id");
    if (source == null) {
      return noIoas(arg, "src_ioas_id");
    }
    var pieces = new ArrayList<IoPageTable.PagesElm>();
    Status status = source.table().getPages(arg.get("src_iova"), arg.get("length"), pieces);
    if (status.failed()) {
      return status;
    }
    Ioas target = ioas(arg, "dst_ioas_id");
    if (target == null) {
      return noIoas(arg, "dst_ioas_id");
    }
    pieces.forEach(piece -> piece.pages().get());
    status =
        target
            .table()
            .mapPages(pieces, arg.get("length"), arg.get("dst_iova"), prot(flags), mapFlags(flags));
    if (status.failed()) {
      pieces.forEach(piece -> piece.pages().put());
    }
    return mapped(arg, "dst_iova", target, status);
  }

  Status unmap(UserStruct arg) {
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    long iova = arg.get("iova");
    long length = arg.get("length");
    Status status;
    if (iova == 0 && length == Unsigned.MAX) {
      status = ioas.table().unmapAll();
    } else if (iova == Unsigned.MAX || length == Unsigned.MAX) {
      return overflow("iova or length is ULONG_MAX");
    } else {
      status = ioas.table().unmapIova(iova, length);
    }
    if (status.failed()) {
      return status;
    }
    arg.put("length", ioas.table().lastUnmapped());
    return arg.copyOut();
  }

  /** {@code iommufd_ioas_change_process()}: the caller pays from now on. */
  Status changeProcess(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return reservedField();
    }
    Set<IoptPages> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (IommufdObject object : context.objects()) {
      if (object instanceof Ioas ioas) {
        ioas.table().areas().forEach(area -> all.add(area.source()));
      }
    }
    if (!all.stream().allMatch(IoptPages::file)) {
      return Status.fail(Errno.EINVAL, "an area is not backed by a file");
    }
    var charged = new ArrayList<IoptPages>();
    for (IoptPages pages : all) {
      Status status = pages.chargeTo(arg.process());
      if (status.failed()) {
        charged.forEach(one -> one.creditTo(arg.process()));
        return status;
      }
      charged.add(pages);
    }
    charged.forEach(pages -> pages.moveTo(arg.process()));
    return Status.OK;
  }
}
