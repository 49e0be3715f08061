package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * An open {@code /dev/vfio/vfio} with the classic type 1 backend ({@code struct vfio_container}).
 */
final class VfioContainerFile extends OpenFile {

  private static final int TYPE1 = 1;
  private static final int TYPE1V2 = 3;
  private static final int DMA_CC = 4;
  private static final int NESTING = 6;
  private static final int UNMAP_ALL = 9;
  private static final int UPDATE_VADDR = 10;
  private static final int MAP_VADDR = 4;
  private static final int UNMAP_DIRTY = 1;
  private static final int UNMAP_FLAG_ALL = 2;
  private static final int UNMAP_VADDR = 4;
  private static final int FIXED_INFO_BYTES = 24;

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuSubsystem iommu;
  private final Type1Limits limits;
  private final List<VfioGroup> groups = new ArrayList<>();
  private @Nullable Type1Iommu backend;

  VfioContainerFile(String path, KernelParts parts, IommuSubsystem iommu, Type1Limits limits) {
    super(path);
    this.parts = parts;
    this.trace = parts.trace();
    this.iommu = iommu;
    this.limits = limits;
  }

  boolean hasIommu() {
    return backend != null;
  }

  // ---- groups -----------------------------------------------------------------------------------

  /** {@code vfio_container_attach_group()}. */
  Status attachGroup(VfioGroup group) {
    boolean claims = parts.era().claimsGroups();
    Status status = claims ? group.group().claimDmaOwner(group, "a VFIO container") : Status.OK;
    if (status.failed()) {
      return status;
    }
    Type1Iommu type1 = backend;
    if (type1 != null) {
      status = type1.domains().attachGroup(group);
      if (status.failed()) {
        if (claims) {
          group.group().releaseDmaOwner();
        }
        return status;
      }
    }
    groups.add(group);
    return Status.OK;
  }

  /** {@code vfio_group_detach_container()}: an empty container forgets its IOMMU type. */
  void detachGroup(VfioGroup group) {
    Type1Iommu type1 = backend;
    if (type1 != null) {
      type1.domains().detachGroup(group);
    }
    if (parts.era().claimsGroups()) {
      group.group().releaseDmaOwner();
    }
    groups.remove(group);
    if (groups.isEmpty()) {
      backend = null;
    }
  }

  // ---- ioctls -----------------------------------------------------------------------------------

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    switch (command) {
      case 0x3B64:
        return SyscallResult.ok(0);
      case 0x3B65:
        return SyscallResult.ok(checkExtension(argument));
      case 0x3B66:
        return setIommu(argument);
      default:
        break;
    }
    Type1Iommu type1 = backend;
    if (type1 == null) {
      return SyscallResult.fail(Errno.EINVAL, "the container has no IOMMU type set");
    }
    String function =
        switch (command) {
          case 0x3B70 -> "vfio_iommu_type1_get_info";
          case 0x3B71 -> "vfio_iommu_type1_map_dma";
          case 0x3B72 -> "vfio_iommu_type1_unmap_dma";
          case 0x3B75 -> "vfio_iommu_type1_dirty_pages";
          default -> "vfio_iommu_type1_ioctl";
        };
    if (trace.isOn()) {
      trace.enter(function).hex("arg", argument);
    }
    return SyscallResult.of(
        parts.leave(
            switch (command) {
              case 0x3B70 -> info(caller, argument, type1);
              case 0x3B71 -> map(caller, argument, type1);
              case 0x3B72 -> unmap(caller, argument, type1);
              case 0x3B75 -> dirty(caller, argument, type1);
              default -> Status.fail(Errno.ENOTTY, "type 1 has no such ioctl");
            }));
  }

  private long checkExtension(long extension) {
    Type1Iommu type1 = backend;
    boolean yes =
        switch ((int) extension) {
          case TYPE1, TYPE1V2, UNMAP_ALL -> true;
          case NESTING -> !parts.era().atLeast(Era.V6_18);
          case DMA_CC -> type1 != null && type1.domains().coherent();
          case UPDATE_VADDR -> type1 != null;
          default -> false;
        };
    return yes ? 1 : 0;
  }

  private SyscallResult setIommu(long type) {
    if (trace.isOn()) {
      trace.enter("vfio_ioctl_set_iommu").number("type", type);
    }
    return SyscallResult.of(parts.leave(trySetIommu(type)));
  }

  private Status trySetIommu(long type) {
    if (groups.isEmpty() || backend != null) {
      return Status.fail(Errno.EINVAL, "the container is empty, or has a type already");
    }
    if (type == NESTING && checkExtension(NESTING) == 1) {
      return Status.fail(Errno.EINVAL, "the IOMMU driver does not nest for VFIO");
    }
    if (type != TYPE1 && type != TYPE1V2) {
      return Status.fail(Errno.ENODEV, "no backend has type " + type);
    }
    var type1 = new Type1Iommu(parts, iommu, type == TYPE1V2, limits);
    for (int i = 0; i < groups.size(); i++) {
      Status status = type1.domains().attachGroup(groups.get(i));
      if (status.failed()) {
        groups.subList(0, i).forEach(type1.domains()::detachGroup);
        return status;
      }
    }
    backend = type1;
    return Status.OK;
  }

  private static Status map(Process caller, long argument, Type1Iommu type1) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_IOMMU_MAP_DMA, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    long flags = arg.get("flags");
    if ((flags & ~7) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    return type1.map(
        caller,
        arg.get("iova"),
        arg.get("vaddr"),
        arg.get("size"),
        Type1Iommu.prot(flags),
        (flags & MAP_VADDR) != 0);
  }

  private static Status unmap(Process caller, long argument, Type1Iommu type1) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_IOMMU_UNMAP_DMA, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    long flags = arg.get("flags");
    boolean dirty = (flags & UNMAP_DIRTY) != 0;
    boolean others = (flags & (UNMAP_FLAG_ALL | UNMAP_VADDR)) != 0;
    if ((flags & ~7) != 0 || (dirty && others)) {
      return Status.fail(Errno.EINVAL, "unknown flags, or GET_DIRTY_BITMAP with others");
    }
    long page = 0;
    long bitmap = 0;
    if (dirty) {
      // struct vfio_bitmap follows: pgsize, size, pointer.
      byte[] more = new byte[24];
      if (arg.get("argsz") < 48 || !caller.read(argument + 24, more)) {
        return Status.fail(Errno.EINVAL, "argsz leaves no room for the bitmap");
      }
      ByteBuffer fields = ByteBuffer.wrap(more).order(ByteOrder.LITTLE_ENDIAN);
      page = fields.getLong(0);
      bitmap = fields.getLong(16);
      long needed = (arg.get("size") / Math.max(page, 1) + 63 >>> 6) * 8;
      if (page == 0 || fields.getLong(8) < needed) {
        return Status.fail(Errno.EINVAL, "the bitmap is too small");
      }
    }
    Type1Iommu.Unmapped result =
        type1.unmap(
            caller,
            new Type1Iommu.Unmap(
                arg.get("iova"),
                arg.get("size"),
                (flags & UNMAP_FLAG_ALL) != 0,
                (flags & UNMAP_VADDR) != 0,
                dirty ? new Type1Iommu.DirtyRequest(bitmap, page) : null));
    if (result.status().failed()) {
      return result.status();
    }
    arg.put("size", result.bytes());
    return arg.copyOut();
  }

  private static Status dirty(Process caller, long argument, Type1Iommu type1) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_IOMMU_DIRTY_PAGES, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    int flags = arg.id("flags");
    if (flags == 1) {
      type1.startTracking();
      return Status.OK;
    }
    if (flags == 2) {
      type1.stopTracking();
      return Status.OK;
    }
    if (flags != 4) {
      return Status.fail(Errno.EINVAL, "exactly one of START, STOP and GET_BITMAP");
    }
    if (!type1.tracking() || arg.get("argsz") < 48) {
      return Status.fail(Errno.EINVAL, "dirty tracking is off, or argsz is too small");
    }
    if (!arg.extend(48)) {
      return Status.fail(Errno.EFAULT, "the structure cannot be read");
    }
    return type1.dirtyBitmap(
        caller,
        arg.get("iova"),
        arg.get("size"),
        arg.get("pgsize"),
        Math.min(arg.get("bitmap_size"), Type1Capabilities.MOST_BITMAP_BYTES),
        arg.get("data"));
  }

  // ---- info -------------------------------------------------------------------------------------

  private Status info(Process caller, long argument, Type1Iommu type1) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_IOMMU_GET_INFO, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    long room = arg.get("argsz");
    // Capabilities begin at multiples of 8 only since 6.6.
    byte[] chain = Type1Capabilities.of(type1, parts.era().atLeast(Era.V6_12));
    int total = FIXED_INFO_BYTES + chain.length;
    boolean fits = room >= total;
    ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(fits ? (int) room : total).putInt(3).putLong(type1.domains().pageSizes());
    out.putInt(fits ? FIXED_INFO_BYTES : 0).putInt(0).put(chain);
    int bytes = fits ? total : room >= 20 ? 20 : 16;
    return caller.write(argument, Arrays.copyOf(out.array(), bytes))
        ? Status.OK
        : Status.fail(Errno.EFAULT, "the structure cannot be written back");
  }
}
