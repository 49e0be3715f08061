package org.iommulab.linux.vfio;

import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommufd.IommufdFile;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.IoctlTable;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.jspecify.annotations.Nullable;

/** An open {@code /dev/vfio/devices/vfioN}: useless until it is bound to an iommufd. */
final class VfioCdevFile extends VfioRegionFile {

  private static final int BIND_BYTES = Uapi.VFIO_DEVICE_BIND_IOMMUFD.size();

  private interface Handler {
    SyscallResult handle(VfioCdevFile file, Process caller, long argument);
  }

  /** What a bound device answers besides the ioctls of every device. */
  private static final IoctlTable<Handler> IOCTLS =
      new IoctlTable<Handler>()
          .on(Uapi.VFIO_DEVICE_ATTACH_IOMMUFD_PT, VfioCdevFile::attach)
          .on(Uapi.VFIO_DEVICE_DETACH_IOMMUFD_PT, VfioCdevFile::detach);

  private final KernelParts parts;
  private final VfioGroup group;
  private boolean bound;
  private @Nullable OpenFile iommufd;

  VfioCdevFile(String path, KernelParts parts, VfioGroup group, VfioDevice device) {
    super(path, device);
    this.parts = parts;
    this.group = group;
  }

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    if (command == Uapi.VFIO_DEVICE_BIND_IOMMUFD.number()) {
      if (parts.trace().isOn()) {
        parts.trace().enter("vfio_df_ioctl_bind_iommufd").hex("arg", argument);
      }
      UserStruct.Fetched fetched =
          UserStruct.byArgsz(caller, Uapi.VFIO_DEVICE_BIND_IOMMUFD, argument);
      UserStruct arg = fetched.struct();
      return SyscallResult.of(parts.leave(arg == null ? fetched.status() : bind(caller, arg)));
    }
    if (!bound) {
      return unbound();
    }
    device.resume();
    Handler handler = IOCTLS.handler(command);
    return handler == null
        ? device.ioctl(caller, command, argument)
        : handler.handle(this, caller, argument);
  }

  private static SyscallResult unbound() {
    return SyscallResult.fail(Errno.EINVAL, "the device is bound to no iommufd");
  }

  private Status bind(Process caller, UserStruct arg) {
    int fd = arg.id("iommufd");
    boolean tokens = parts.era().tokensWithBind();
    int known = tokens ? UapiFlags.BIND_TOKEN : 0;
    boolean withToken = (arg.id("flags") & UapiFlags.BIND_TOKEN) != 0;
    if ((arg.id("flags") & ~known) != 0 || fd < 0) {
      return Status.fail(Errno.EINVAL, "unknown flags, or no file descriptor");
    }
    if (withToken && (arg.get("argsz") < BIND_BYTES || !arg.extend(BIND_BYTES))) {
      return Status.fail(Errno.EINVAL, "argsz leaves no room for the token's address");
    }
    if (group.opened()) {
      return Status.fail(Errno.EBUSY, "the group is open as /dev/vfio/N");
    }
    if (bound || device.openedAsCharacterDevice()) {
      return Status.fail(Errno.EINVAL, "the device is bound already");
    }
    OpenFile file = VfioSubsystem.file(caller, fd);
    if (file == null) {
      return Status.fail(Errno.EBADF, "file descriptor " + fd + " is not open");
    }
    if (!(file instanceof IommufdFile context)) {
      return Status.fail(Errno.EBADFD, "file descriptor " + fd + " is no iommufd");
    }
    byte[] token = withToken ? new byte[VfToken.BYTES] : null;
    if (token != null && !caller.read(arg.get("token_uuid_ptr"), token)) {
      return Status.fail(Errno.EFAULT, "the token cannot be read");
    }
    Status admitted = device.admits(token);
    if (admitted.failed()) {
      return admitted;
    }
    IommufdFile.Bound result = context.bind(device.device());
    IommufdFile.Binding binding = result.binding();
    if (binding == null) {
      return result.status();
    }
    arg.put("out_devid", binding.deviceId());
    Status status = arg.copyOut();
    if (status.failed()) {
      binding.unbind();
      return status;
    }
    bound = true;
    iommufd = context.get();
    device.setBinding(binding);
    device.setOpens(1);
    device.countUse(1);
    device.setOpenedAsCharacterDevice(true);
    group.countCharacterDevices(1);
    return Status.OK;
  }

  private SyscallResult attach(Process caller, long argument) {
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_df_ioctl_attach_pt").hex("arg", argument);
    }
    UserStruct.Fetched fetched =
        UserStruct.byArgsz(caller, Uapi.VFIO_DEVICE_ATTACH_IOMMUFD_PT, argument);
    UserStruct arg = fetched.struct();
    return SyscallResult.of(parts.leave(arg == null ? fetched.status() : attach(arg)));
  }

  private Status attach(UserStruct arg) {
    Status status = extend(arg, Uapi.VFIO_DEVICE_ATTACH_IOMMUFD_PT.size());
    IommufdFile.Binding binding = device.binding();
    if (status.failed() || binding == null) {
      return status;
    }
    IommufdFile.Attached attached = binding.attach(pasid(arg), arg.id("pt_id"));
    if (attached.status().failed()) {
      return attached.status();
    }
    arg.put("pt_id", attached.ptId());
    return arg.copyOut();
  }

  private SyscallResult detach(Process caller, long argument) {
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_df_ioctl_detach_pt").hex("arg", argument);
    }
    UserStruct.Fetched fetched =
        UserStruct.byArgsz(caller, Uapi.VFIO_DEVICE_DETACH_IOMMUFD_PT, argument);
    UserStruct arg = fetched.struct();
    return SyscallResult.of(parts.leave(arg == null ? fetched.status() : detach(arg)));
  }

  private Status detach(UserStruct arg) {
    Status status = extend(arg, Uapi.VFIO_DEVICE_DETACH_IOMMUFD_PT.size());
    IommufdFile.Binding binding = device.binding();
    if (!status.failed() && binding != null) {
      binding.detach(pasid(arg));
    }
    return status;
  }

  /** With the PASID flag the structure is longer. */
  private Status extend(UserStruct arg, int size) {
    int known = parts.era().virtualIommus() ? UapiFlags.ATTACH_PASID : 0;
    if ((arg.get("flags") & ~known) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    if ((arg.get("flags") & UapiFlags.ATTACH_PASID) != 0) {
      if (arg.get("argsz") < size) {
        return Status.fail(Errno.EINVAL, "argsz leaves no room for the PASID");
      }
      if (!arg.extend(size)) {
        return Status.fail(Errno.EFAULT, "the structure cannot be read");
      }
    }
    return Status.OK;
  }

  private static Pasid pasid(UserStruct arg) {
    return (arg.get("flags") & UapiFlags.ATTACH_PASID) != 0
        ? new Pasid(arg.id("pasid"))
        : Pasid.OF_REQUESTER;
  }

  @Override
  public SyscallResult readAt(Process caller, long buffer, long length, long offset) {
    return !bound ? unbound() : super.readAt(caller, buffer, length, offset);
  }

  @Override
  public SyscallResult writeAt(Process caller, long buffer, long length, long offset) {
    return !bound ? unbound() : super.writeAt(caller, buffer, length, offset);
  }

  @Override
  public boolean liesInFile(long offset) {
    return bound && super.liesInFile(offset);
  }

  @Override
  public Status map(long offset, long length) {
    return bound
        ? super.map(offset, length)
        : Status.fail(Errno.EINVAL, "the device is bound to no iommufd");
  }

  @Override
  protected void release() {
    if (bound) {
      device.closed();
      device.unbind();
      device.setOpens(0);
      device.countUse(-1);
      device.setOpenedAsCharacterDevice(false);
      group.countCharacterDevices(-1);
    }
    OpenFile context = iommufd;
    if (context != null) {
      context.put();
    }
  }
}
