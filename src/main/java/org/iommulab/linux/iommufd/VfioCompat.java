package org.iommulab.linux.iommufd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.iommufd.pages.AreaRemover;
import org.iommulab.linux.iommufd.pages.IoPageTable;
import org.iommulab.linux.iommufd.pages.IovaSpans;
import org.iommulab.linux.iommufd.pages.MapWish;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.IoctlTable;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/** VFIO's container ioctls on an iommufd context (iommufd/vfio_compat.c). */
final class VfioCompat {

  private static final int INFO_BYTES = Uapi.VFIO_IOMMU_GET_INFO.size();
  private static final int DMA_AVAIL_BYTES = 16;

  private interface Handler {
    SyscallResult handle(VfioCompat compat, Process process, long argument);
  }

  private static final IoctlTable<Handler> IOCTLS =
      new IoctlTable<Handler>()
          .on(Uapi.VFIO_GET_API_VERSION, (compat, process, none) -> SyscallResult.ok(0))
          .on(Uapi.VFIO_CHECK_EXTENSION, (compat, process, what) -> compat.checkExtension(what))
          .on(Uapi.VFIO_SET_IOMMU, (compat, process, type) -> compat.setIommu(type))
          .on(Uapi.VFIO_IOMMU_GET_INFO, VfioCompat::getInfo)
          .on(Uapi.VFIO_IOMMU_MAP_DMA, VfioCompat::mapDma)
          .on(Uapi.VFIO_IOMMU_UNMAP_DMA, VfioCompat::unmapDma);

  private final IommufdContext context;
  private final CallTrace trace;

  VfioCompat(IommufdContext context) {
    this.context = context;
    this.trace = context.parts().trace();
  }

  SyscallResult ioctl(Process process, int command, long argument) {
    Handler handler = IOCTLS.handler(command);
    return handler == null
        ? SyscallResult.fail(Errno.ENOTTY, "iommufd has no such ioctl")
        : handler.handle(this, process, argument);
  }

  private static Status noIoas() {
    return Status.fail(Errno.ENODEV, "no compatibility IOAS exists");
  }

  private SyscallResult checkExtension(long extension) {
    if (extension == UapiFlags.DMA_CC_IOMMU) {
      Ioas ioas = context.vfioIoas();
      if (ioas == null) {
        return SyscallResult.of(noIoas());
      }
      return SyscallResult.ok(ioas.hwpts().stream().allMatch(HwptPaging::coherent) ? 1 : 0);
    }
    boolean known =
        extension == UapiFlags.TYPE1_IOMMU
            || extension == UapiFlags.TYPE1V2_IOMMU
            || extension == UapiFlags.UNMAP_ALL;
    return SyscallResult.ok(known ? 1 : 0);
  }

  private SyscallResult setIommu(long type) {
    if (trace.isOn()) {
      trace.enter("iommufd_vfio_set_iommu").number("type", type);
    }
    return SyscallResult.of(context.parts().leave(trySetIommu(type)));
  }

  private Status trySetIommu(long type) {
    if (type != UapiFlags.TYPE1_IOMMU && type != UapiFlags.TYPE1V2_IOMMU) {
      return Status.fail(Errno.EINVAL, "only types 1 and 3 exist");
    }
    Ioas ioas = context.vfioIoas();
    if (ioas == null) {
      return noIoas();
    }
    // Version 1 allows an unmap to cut a mapping; only 4 KiB leaves can be cut.
    return type == UapiFlags.TYPE1_IOMMU ? ioas.table().disableLargePages() : Status.OK;
  }

  private SyscallResult mapDma(Process process, long argument) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(process, Uapi.VFIO_IOMMU_MAP_DMA, argument);
    UserStruct arg = fetched.struct();
    if (trace.isOn()) {
      trace.enter("iommufd_vfio_map_dma").hex("arg", argument);
      if (arg != null) {
        trace.hex("flags", arg.get("flags")).hex("vaddr", arg.get("vaddr"));
        trace.hex("iova", arg.get("iova")).hex("size", arg.get("size"));
      }
    }
    Status status = arg == null ? fetched.status() : map(arg);
    return SyscallResult.of(context.parts().leave(status));
  }

  private Status map(UserStruct arg) {
    long flags = arg.get("flags");
    if ((flags & ~(UapiFlags.DMA_MAP_READ | UapiFlags.DMA_MAP_WRITE)) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    Ioas ioas = context.vfioIoas();
    if (ioas == null) {
      return noIoas();
    }
    int prot = Protection.CACHE;
    prot |= (flags & UapiFlags.DMA_MAP_READ) != 0 ? Protection.READ : 0;
    prot |= (flags & UapiFlags.DMA_MAP_WRITE) != 0 ? Protection.WRITE : 0;
    var wish = new MapWish(arg.get("iova"), arg.get("size"), prot, true);
    return ioas.table()
        .mapper()
        .mapUserPages(arg.process(), context.accountMode(), wish, arg.get("vaddr"))
        .status();
  }

  private SyscallResult unmapDma(Process process, long argument) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(process, Uapi.VFIO_IOMMU_UNMAP_DMA, argument);
    UserStruct arg = fetched.struct();
    if (trace.isOn()) {
      trace.enter("iommufd_vfio_unmap_dma").hex("arg", argument);
      if (arg != null) {
        trace.hex("flags", arg.get("flags"));
        trace.hex("iova", arg.get("iova")).hex("size", arg.get("size"));
      }
    }
    Status status = arg == null ? fetched.status() : unmap(arg);
    return SyscallResult.of(context.parts().leave(status));
  }

  private Status unmap(UserStruct arg) {
    long flags = arg.get("flags");
    if ((flags & ~UapiFlags.DMA_UNMAP_ALL) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    Ioas ioas = context.vfioIoas();
    if (ioas == null) {
      return noIoas();
    }
    IoPageTable table = ioas.table();
    long iova = arg.get("iova");
    long size = arg.get("size");
    AreaRemover.Unmapped result;
    if ((flags & UapiFlags.DMA_UNMAP_ALL) != 0) {
      if (iova != 0 || size != 0) {
        return Status.fail(Errno.EINVAL, "ALL goes with iova 0 and size 0 only");
      }
      result = table.remover().unmapAll();
    } else {
      if (!table.largePages()) {
        Status cut = table.remover().cutIova(iova, iova + size);
        if (cut.failed()) {
          return cut;
        }
      }
      result = table.remover().unmapIova(iova, size);
      boolean nothing =
          context.parts().era().unmapsNothingInContainer()
              && result.status().is(Errno.ENOENT)
              && result.bytes() == 0
              && table.areas().in(iova, iova + size - 1).isEmpty();
      if (nothing) {
        // VFIO calls unmapping nothing a success.
        result = new AreaRemover.Unmapped(Status.OK, 0);
      }
    }
    arg.put("size", result.bytes());
    Status written = arg.copyOut();
    return result.status().failed() ? result.status() : written;
  }

  // ---- info -------------------------------------------------------------------------------------

  private SyscallResult getInfo(Process process, long argument) {
    if (trace.isOn()) {
      trace.enter("iommufd_vfio_iommu_get_info").hex("arg", argument);
    }
    UserStruct.Fetched fetched = UserStruct.byArgsz(process, Uapi.VFIO_IOMMU_GET_INFO, argument);
    UserStruct arg = fetched.struct();
    return SyscallResult.of(
        context.parts().leave(arg == null ? fetched.status() : info(process, arg)));
  }

  private Status info(Process process, UserStruct arg) {
    Ioas ioas = context.vfioIoas();
    if (ioas == null) {
      return noIoas();
    }
    long room = arg.get("argsz");
    List<IovaSpans.Span> ranges = ioas.table().reserved().holes(0, Unsigned.MAX);
    int rangesAt = INFO_BYTES + DMA_AVAIL_BYTES;
    int total = rangesAt + 16 + 16 * ranges.size();
    ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(total).putInt(UapiFlags.INFO_PGSIZES | UapiFlags.INFO_CAPS);
    out.putLong(pageSizes(ioas));
    out.putInt(room >= total ? INFO_BYTES : 0).putInt(0);
    // Each capability: id, version, absolute offset of the next.
    out.putShort((short) UapiFlags.INFO_DMA_AVAIL).putShort((short) 1).putInt(rangesAt);
    out.putInt(-1).putInt(0);
    out.putShort((short) UapiFlags.INFO_CAP_IOVA_RANGE).putShort((short) 1).putInt(0);
    out.putInt(ranges.size()).putInt(0);
    for (IovaSpans.Span range : ranges) {
      out.putLong(range.start()).putLong(range.last());
    }
    byte[] bytes = out.array();
    int fixed = (int) Math.min(room, INFO_BYTES);
    int written = room >= total ? total : room >= rangesAt ? rangesAt : fixed;
    if (written == fixed && room < INFO_BYTES) {
      written = (int) Math.min(room, INFO_BYTES);
    }
    byte[] part = java.util.Arrays.copyOf(bytes, written);
    return process.write(arg.address(), part)
        ? Status.OK
        : Status.fail(Errno.EFAULT, "the structure cannot be written back");
  }

  private static long pageSizes(Ioas ioas) {
    long sizes = -4096L;
    if (!ioas.table().domains().isEmpty()) {
      sizes = -1L;
      for (PagingDomain domain : ioas.table().domains()) {
        sizes &= domain.pageSizes();
      }
    }
    // Sizes below a page are a page to user space.
    return !Page.isWhole(sizes) ? Page.start(sizes) | 4096 : sizes;
  }
}
