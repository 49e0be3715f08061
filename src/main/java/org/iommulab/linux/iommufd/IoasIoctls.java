package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.iommufd.pages.AccountMode;
import org.iommulab.linux.iommufd.pages.AreaMapper;
import org.iommulab.linux.iommufd.pages.AreaRemover;
import org.iommulab.linux.iommufd.pages.IoPageTable;
import org.iommulab.linux.iommufd.pages.IoptPages;
import org.iommulab.linux.iommufd.pages.IovaSpans;
import org.iommulab.linux.iommufd.pages.MapWish;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.process.DmaBuf;
import org.iommulab.linux.process.PagesFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;
import org.jspecify.annotations.Nullable;

/** The ioctls of address spaces (iommufd/ioas.c), with their checks in the kernel's order. */
final class IoasIoctls {

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
        ? Status.fail(
            Errno.EMSGSIZE, String.format(Locale.ROOT, "there are %d ranges", holes.size()))
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
        return Status.fail(
            Errno.EINVAL, String.format(Locale.ROOT, "entry %d does not end behind its start", i));
      }
      if (list.overlaps(start, last)) {
        return Status.fail(
            Errno.EINVAL, String.format(Locale.ROOT, "entry %d overlaps an earlier one", i));
      }
      Status memory = context.parts().allocate("struct iopt_allowed");
      if (memory.failed()) {
        return memory;
      }
      list.add(start, last, null);
    }
    return ioas.table().setAllowed(list);
  }

  // ---- map --------------------------------------------------------------------------------------

  /**
   * The checks that map, map-file and copy begin with.
   *
   * @param limited fields that must not be ULONG_MAX
   */
  private static Status checkMap(UserStruct arg, String... limited) {
    long flags = arg.get("flags");
    if ((flags
            & ~(UapiFlags.IOAS_MAP_FIXED_IOVA
                | UapiFlags.IOAS_MAP_WRITEABLE
                | UapiFlags.IOAS_MAP_READABLE))
        != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    for (String field : limited) {
      if (arg.get(field) == Unsigned.MAX) {
        return overflow(field + " is ULONG_MAX");
      }
    }
    return (flags & (UapiFlags.IOAS_MAP_WRITEABLE | UapiFlags.IOAS_MAP_READABLE)) == 0
        ? Status.fail(Errno.EINVAL, "neither READABLE nor WRITEABLE")
        : Status.OK;
  }

  private static MapWish wish(UserStruct arg, String iovaField) {
    long flags = arg.get("flags");
    int prot = Protection.CACHE;
    prot |= (flags & UapiFlags.IOAS_MAP_WRITEABLE) != 0 ? Protection.WRITE : 0;
    prot |= (flags & UapiFlags.IOAS_MAP_READABLE) != 0 ? Protection.READ : 0;
    boolean fixed = (flags & UapiFlags.IOAS_MAP_FIXED_IOVA) != 0;
    return new MapWish(arg.get(iovaField), arg.get("length"), prot, fixed);
  }

  private static Status mapped(UserStruct arg, String field, AreaMapper.Mapped result) {
    if (result.status().failed()) {
      return result.status();
    }
    arg.put(field, result.iova());
    return arg.copyOut();
  }

  Status map(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return reservedField();
    }
    Status refused = checkMap(arg, "iova", "length");
    if (refused.failed()) {
      return refused;
    }
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    return mapped(
        arg,
        "iova",
        ioas.table()
            .mapper()
            .mapUserPages(
                arg.process(), context.accountMode(), wish(arg, "iova"), arg.get("user_va")));
  }

  Status mapFile(UserStruct arg) {
    Status refused = checkMap(arg, "iova", "length");
    if (refused.failed()) {
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
    if (!(process.file(arg.id("fd")) instanceof PagesFile file)) {
      return process.file(arg.id("fd")) == null
          ? Status.fail(Errno.EBADF, "fd is not open")
          : Status.fail(Errno.EINVAL, "fd is not a memfd");
    }
    // Registers are no memory that anybody could be charged for.
    AccountMode mode = context.accountMode();
    if (file instanceof DmaBuf buffer) {
      long start = arg.get("start");
      if (Unsigned.less(buffer.size() - 1, start)
          || Unsigned.less(buffer.size() - start, arg.get("length"))) {
        return Status.fail(Errno.EINVAL, "the range ends behind the dma-buf");
      }
      if (buffer.isRevoked()) {
        return Status.fail(Errno.ENODEV, "the dma-buf was revoked");
      }
      if (!buffer.isOnePiece()) {
        return Status.fail(Errno.EOPNOTSUPP, "the dma-buf has several ranges");
      }
      mode = AccountMode.NONE;
    }
    return mapped(
        arg,
        "iova",
        ioas.table()
            .mapper()
            .mapFilePages(process, mode, wish(arg, "iova"), file, arg.get("start")));
  }

  Status copy(UserStruct arg) {
    Status refused = checkMap(arg, "length", "src_iova", "dst_iova");
    if (refused.failed()) {
      return refused;
    }
    Ioas source = ioas(arg, "src_ioas_id");
    if (source == null) {
      return noIoas(arg, "src_ioas_id");
    }
    var pieces = new ArrayList<AreaMapper.PagesElm>();
    Status status =
        source.table().mapper().getPages(arg.get("src_iova"), arg.get("length"), pieces);
    if (status.failed()) {
      return status;
    }
    Ioas target = ioas(arg, "dst_ioas_id");
    if (target == null) {
      return noIoas(arg, "dst_ioas_id");
    }
    pieces.forEach(piece -> piece.pages().get());
    AreaMapper.Mapped result = target.table().mapper().mapPages(pieces, wish(arg, "dst_iova"));
    if (result.status().failed()) {
      pieces.forEach(piece -> piece.pages().put());
    }
    return mapped(arg, "dst_iova", result);
  }

  // ---- unmap ------------------------------------------------------------------------------------

  Status unmap(UserStruct arg) {
    Ioas ioas = ioas(arg, "ioas_id");
    if (ioas == null) {
      return noIoas(arg, "ioas_id");
    }
    long iova = arg.get("iova");
    long length = arg.get("length");
    boolean all = iova == 0 && length == Unsigned.MAX;
    if (!all && (iova == Unsigned.MAX || length == Unsigned.MAX)) {
      return overflow("iova or length is ULONG_MAX");
    }
    AreaRemover remover = ioas.table().remover();
    AreaRemover.Unmapped result = all ? remover.unmapAll() : remover.unmapIova(iova, length);
    if (result.status().failed()) {
      return result.status();
    }
    arg.put("length", result.bytes());
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
        ioas.table().areas().all().forEach(area -> all.add(area.source()));
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
