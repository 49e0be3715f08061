package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.IoctlTable;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * An open {@code /dev/vfio/vfio} with the classic type 1 backend ({@code struct vfio_container}).
 */
final class VfioContainerFile extends OpenFile {

  private static final int FIXED_INFO_BYTES = Uapi.VFIO_IOMMU_GET_INFO.size();
  private static final long MAP_FLAGS =
      UapiFlags.DMA_MAP_READ | UapiFlags.DMA_MAP_WRITE | UapiFlags.DMA_MAP_VADDR;
  private static final long UNMAP_FLAGS =
      UapiFlags.DMA_UNMAP_DIRTY_BITMAP | UapiFlags.DMA_UNMAP_ALL | UapiFlags.DMA_UNMAP_VADDR;

  private interface Handler {
    SyscallResult handle(VfioContainerFile file, long argument);
  }

  /** What a container answers without an IOMMU type, too. */
  private static final IoctlTable<Handler> IOCTLS =
      new IoctlTable<Handler>()
          .on(Uapi.VFIO_GET_API_VERSION, (file, none) -> SyscallResult.ok(0))
          .on(Uapi.VFIO_CHECK_EXTENSION, VfioContainerFile::checkExtension)
          .on(Uapi.VFIO_SET_IOMMU, VfioContainerFile::setIommu);

  private interface Type1Handler {
    Status handle(VfioContainerFile file, Process caller, UserStruct arg, Type1Iommu type1);
  }

  /** The function of the kernel's that handles an ioctl of the backend. */
  private record Type1Function(String name, Type1Handler handler) {}

  private static final IoctlTable<Type1Function> TYPE1_IOCTLS =
      new IoctlTable<Type1Function>()
          .on(
              Uapi.VFIO_IOMMU_GET_INFO,
              new Type1Function("vfio_iommu_type1_get_info", VfioContainerFile::info))
          .on(
              Uapi.VFIO_IOMMU_MAP_DMA,
              new Type1Function("vfio_iommu_type1_map_dma", VfioContainerFile::map))
          .on(
              Uapi.VFIO_IOMMU_UNMAP_DMA,
              new Type1Function("vfio_iommu_type1_unmap_dma", VfioContainerFile::unmap))
          .on(
              Uapi.VFIO_IOMMU_DIRTY_PAGES,
              new Type1Function("vfio_iommu_type1_dirty_pages", VfioContainerFile::dirty));

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
    Handler handler = IOCTLS.handler(command);
    if (handler != null) {
      return handler.handle(this, argument);
    }
    Type1Iommu type1 = backend;
    if (type1 == null) {
      return SyscallResult.fail(Errno.EINVAL, "the container has no IOMMU type set");
    }
    boolean known =
        command != Uapi.VFIO_IOMMU_DIRTY_PAGES.number() || parts.era().tracksDirtyPages();
    IoctlTable.Row<Type1Function> row = known ? TYPE1_IOCTLS.row(command) : null;
    if (trace.isOn()) {
      trace
          .enter(row == null ? "vfio_iommu_type1_ioctl" : row.handler().name())
          .hex("arg", argument);
    }
    return SyscallResult.of(
        parts.leave(
            row == null
                ? Status.fail(Errno.ENOTTY, "type 1 has no such ioctl")
                : type1(row, caller, argument, type1)));
  }

  private Status type1(
      IoctlTable.Row<Type1Function> row, Process caller, long argument, Type1Iommu type1) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, row.command(), argument);
    UserStruct arg = fetched.struct();
    return arg == null
        ? fetched.status()
        : row.handler().handler().handle(this, caller, arg, type1);
  }

  private SyscallResult checkExtension(long extension) {
    return SyscallResult.ok(has(extension) ? 1 : 0);
  }

  private boolean has(long extension) {
    Type1Iommu type1 = backend;
    return switch ((int) extension) {
      case UapiFlags.TYPE1_IOMMU, UapiFlags.TYPE1V2_IOMMU -> true;
      case UapiFlags.UNMAP_ALL -> parts.era().unmapsAll();
      case UapiFlags.TYPE1_NESTING_IOMMU -> !parts.era().atLeast(Era.V6_18);
      case UapiFlags.DMA_CC_IOMMU -> type1 != null && type1.domains().coherent();
      // Since 6.3 it depends on what is in the container.
      case UapiFlags.UPDATE_VADDR ->
          parts.era().unmapsAll() && (type1 != null || !parts.era().atLeast(Era.V6_3));
      default -> false;
    };
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
    if (type == UapiFlags.TYPE1_NESTING_IOMMU && has(UapiFlags.TYPE1_NESTING_IOMMU)) {
      return Status.fail(Errno.EINVAL, "the IOMMU driver does not nest for VFIO");
    }
    if (type != UapiFlags.TYPE1_IOMMU && type != UapiFlags.TYPE1V2_IOMMU) {
      return Status.fail(Errno.ENODEV, "no backend has type " + type);
    }
    var type1 = new Type1Iommu(parts, iommu, type == UapiFlags.TYPE1V2_IOMMU, limits);
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

  private Status map(Process caller, UserStruct arg, Type1Iommu type1) {
    long flags = arg.get("flags");
    long vaddr = parts.era().unmapsAll() ? 0 : UapiFlags.DMA_MAP_VADDR;
    if ((flags & ~(MAP_FLAGS & ~vaddr)) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    return type1.map(
        caller,
        arg.get("iova"),
        arg.get("vaddr"),
        arg.get("size"),
        prot(flags),
        (flags & UapiFlags.DMA_MAP_VADDR) != 0);
  }

  private long unmapFlags() {
    long known = parts.era().tracksDirtyPages() ? UapiFlags.DMA_UNMAP_DIRTY_BITMAP : 0;
    return parts.era().unmapsAll() ? UNMAP_FLAGS : known;
  }

  private Status unmap(Process caller, UserStruct arg, Type1Iommu type1) {
    long flags = arg.get("flags");
    boolean dirty = (flags & UapiFlags.DMA_UNMAP_DIRTY_BITMAP) != 0;
    boolean others = (flags & (UapiFlags.DMA_UNMAP_ALL | UapiFlags.DMA_UNMAP_VADDR)) != 0;
    if ((flags & ~unmapFlags()) != 0 || (dirty && others)) {
      return Status.fail(Errno.EINVAL, "unknown flags, or GET_DIRTY_BITMAP with others");
    }
    long page = 0;
    long bitmap = 0;
    if (dirty) {
      // struct vfio_bitmap follows: pgsize, size, pointer.
      byte[] more = new byte[24];
      int at = Uapi.VFIO_IOMMU_UNMAP_DMA.size();
      if (arg.get("argsz") < at + more.length || !caller.read(arg.address() + at, more)) {
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
                (flags & UapiFlags.DMA_UNMAP_ALL) != 0,
                (flags & UapiFlags.DMA_UNMAP_VADDR) != 0,
                dirty ? new Type1Iommu.DirtyRequest(bitmap, page) : null));
    if (result.status().failed()) {
      return result.status();
    }
    arg.put("size", result.bytes());
    return arg.copyOut();
  }

  private Status dirty(Process caller, UserStruct arg, Type1Iommu type1) {
    int flags = arg.id("flags");
    if (flags == UapiFlags.DIRTY_PAGES_START) {
      type1.startTracking();
      return Status.OK;
    }
    if (flags == UapiFlags.DIRTY_PAGES_STOP) {
      type1.stopTracking();
      return Status.OK;
    }
    if (flags != UapiFlags.DIRTY_PAGES_GET_BITMAP) {
      return Status.fail(Errno.EINVAL, "exactly one of START, STOP and GET_BITMAP");
    }
    int whole = Uapi.VFIO_IOMMU_DIRTY_PAGES.size();
    if (!type1.tracking() || arg.get("argsz") < whole) {
      return Status.fail(Errno.EINVAL, "dirty tracking is off, or argsz is too small");
    }
    if (!arg.extend(whole)) {
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

  private static int prot(long flags) {
    return ((flags & UapiFlags.DMA_MAP_READ) != 0 ? Protection.READ : 0)
        | ((flags & UapiFlags.DMA_MAP_WRITE) != 0 ? Protection.WRITE : 0);
  }

  // ---- info -------------------------------------------------------------------------------------

  private Status info(Process caller, UserStruct arg, Type1Iommu type1) {
    long room = arg.get("argsz");
    byte[] chain = Type1Capabilities.of(type1, parts.era());
    int total = FIXED_INFO_BYTES + chain.length;
    boolean fits = room >= total;
    ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(fits ? (int) room : total)
        .putInt(UapiFlags.INFO_PGSIZES | UapiFlags.INFO_CAPS)
        .putLong(type1.domains().pageSizes());
    out.putInt(fits ? FIXED_INFO_BYTES : 0).putInt(0).put(chain);
    int bytes = fits ? total : room >= 20 ? 20 : 16;
    return caller.write(arg.address(), Arrays.copyOf(out.array(), bytes))
        ? Status.OK
        : Status.fail(Errno.EFAULT, "the structure cannot be written back");
  }
}
