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
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.trace.CallTrace;

/** VFIO's container ioctls on an iommufd context (iommufd/vfio_compat.c). */
final class VfioCompat {

  private static final int TYPE1 = 1;
  private static final int TYPE1V2 = 3;
  private static final int DMA_CC = 4;
  private static final int UNMAP_ALL = 9;
  private static final int MAP_READ = 1;
  private static final int MAP_WRITE = 2;
  private static final int FLAG_ALL = 2;
  private static final int INFO_BYTES = 24;
  private static final int DMA_AVAIL_BYTES = 16;

  private final IommufdContext context;
  private final CallTrace trace;

  VfioCompat(IommufdContext context) {
    this.context = context;
    this.trace = context.parts().trace();
  }

  SyscallResult ioctl(Process process, int command, long argument) {
    return switch (command) {
      case 0x3B64 -> SyscallResult.ok(0);
      case 0x3B65 -> checkExtension(argument);
      case 0x3B66 -> {
        if (trace.isOn()) {
          trace.enter("iommufd_vfio_set_iommu").number("type", argument);
        }
        yield SyscallResult.of(context.parts().leave(setIommu(argument)));
      }
      case 0x3B70 -> getInfo(process, argument);
      case 0x3B71 -> mapDma(process, argument);
      case 0x3B72 -> unmapDma(process, argument);
      default -> SyscallResult.fail(Errno.ENOTTY, "iommufd has no such ioctl");
    };
  }

  private static Status noIoas() {
    return Status.fail(Errno.ENODEV, "no compatibility IOAS exists");
  }

  private SyscallResult checkExtension(long extension) {
    if (extension == DMA_CC) {
      Ioas ioas = context.vfioIoas();
      if (ioas == null) {
        return SyscallResult.of(noIoas());
      }
      return SyscallResult.ok(ioas.hwpts().stream().allMatch(HwptPaging::coherent) ? 1 : 0);
    }
    boolean known = extension == TYPE1 || extension == TYPE1V2 || extension == UNMAP_ALL;
    return SyscallResult.ok(known ? 1 : 0);
  }

  private Status setIommu(long type) {
    if (type != TYPE1 && type != TYPE1V2) {
      return Status.fail(Errno.EINVAL, "only types 1 and 3 exist");
    }
    Ioas ioas = context.vfioIoas();
    if (ioas == null) {
      return noIoas();
    }
    // Version 1 allows an unmap to cut a mapping; only 4 KiB leaves can be cut.
    return type == TYPE1 ? ioas.table().disableLargePages() : Status.OK;
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
    if ((flags & ~(MAP_READ | MAP_WRITE)) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    Ioas ioas = context.vfioIoas();
    if (ioas == null) {
      return noIoas();
    }
    int prot = Protection.CACHE;
    prot |= (flags & MAP_READ) != 0 ? Protection.READ : 0;
    prot |= (flags & MAP_WRITE) != 0 ? Protection.WRITE : 0;
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
    if ((flags & ~FLAG_ALL) != 0) {
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
    if ((flags & FLAG_ALL) != 0) {
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
    out.putInt(total).putInt(3).putLong(pageSizes(ioas));
    out.putInt(room >= total ? INFO_BYTES : 0).putInt(0);
    // Each capability: id, version, absolute offset of the next.
    out.putShort((short) 3).putShort((short) 1).putInt(rangesAt).putInt(-1).putInt(0);
    out.putShort((short) 1).putShort((short) 1).putInt(0).putInt(ranges.size()).putInt(0);
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
    return (sizes & 4095) != 0 ? sizes & -4096L | 4096 : sizes;
  }
}
