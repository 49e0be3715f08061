package org.iommulab.linux.vfio;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuGroup;
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

/** An open {@code /dev/vfio/N}. */
final class VfioGroupFile extends OpenFile {

  private interface Handler {
    SyscallResult handle(VfioGroupFile file, Process caller, long argument);
  }

  private static final IoctlTable<Handler> IOCTLS =
      new IoctlTable<Handler>()
          .on(Uapi.VFIO_GROUP_GET_STATUS, VfioGroupFile::status)
          .on(Uapi.VFIO_GROUP_SET_CONTAINER, VfioGroupFile::setContainer)
          .on(Uapi.VFIO_GROUP_UNSET_CONTAINER, (file, caller, none) -> file.unsetContainer())
          .on(Uapi.VFIO_GROUP_GET_DEVICE_FD, VfioGroupFile::deviceFd);

  private final KernelParts parts;
  private final VfioGroup group;

  VfioGroupFile(String path, KernelParts parts, VfioGroup group) {
    super(path);
    this.parts = parts;
    this.group = group;
  }

  IommuGroup group() {
    return group.group();
  }

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    Handler handler = IOCTLS.handler(command);
    return handler == null
        ? SyscallResult.fail(Errno.ENOTTY, "a VFIO group has no such ioctl")
        : handler.handle(this, caller, argument);
  }

  private SyscallResult unsetContainer() {
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_group_ioctl_unset_container");
    }
    return SyscallResult.of(parts.leave(group.unsetContainer()));
  }

  private SyscallResult status(Process caller, long argument) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_GROUP_GET_STATUS, argument);
    UserStruct arg = fetched.struct();
    return SyscallResult.of(arg == null ? fetched.status() : status(arg));
  }

  private Status status(UserStruct arg) {
    int flags = 0;
    if (group.container() != null) {
      flags =
          group.viable()
              ? UapiFlags.GROUP_CONTAINER_SET | UapiFlags.GROUP_VIABLE
              : UapiFlags.GROUP_CONTAINER_SET;
    } else if (!group.group().dmaOwnerClaimed()) {
      flags = UapiFlags.GROUP_VIABLE;
    }
    arg.put("flags", flags);
    return arg.copyOut();
  }

  private SyscallResult setContainer(Process caller, long argument) {
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_group_ioctl_set_container").hex("arg", argument);
    }
    UserStruct.Fetched fetched = UserStruct.whole(caller, Uapi.VFIO_GROUP_SET_CONTAINER, argument);
    UserStruct arg = fetched.struct();
    Status status = arg == null ? fetched.status() : setContainer(caller, arg.id("container"));
    return SyscallResult.of(parts.leave(status));
  }

  private Status setContainer(Process caller, int fd) {
    OpenFile file = VfioSubsystem.file(caller, fd);
    return file == null
        ? Status.fail(Errno.EBADF, "file descriptor " + fd + " is not open")
        : group.setContainer(file);
  }

  private SyscallResult deviceFd(Process caller, long argument) {
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_group_ioctl_get_device_fd").hex("arg", argument);
    }
    String name = text(caller, argument);
    Status status;
    VfToken.Named named = name == null ? null : VfToken.named(name, parts.era());
    VfioDevice device = named == null ? null : group.device(named.device());
    if (name == null) {
      status = Status.fail(Errno.EFAULT, "the device name cannot be read");
    } else if (!parts.era().claimsGroups() && group.mayOpen().failed()) {
      status = group.mayOpen();
    } else if (device == null) {
      status = Status.fail(Errno.ENODEV, "the group has no device " + name);
    } else if (named != null && named.status().failed()) {
      status = named.status();
    } else {
      status = device.admits(named == null ? null : named.token());
      status = status.failed() ? status : group.openDevice(device);
    }
    parts.leave(status);
    return device == null || status.failed()
        ? SyscallResult.of(status)
        : SyscallResult.ok(caller.install(new VfioDeviceFile(group, device, this)));
  }

  private static @Nullable String text(Process caller, long address) {
    var bytes = new ByteArrayOutputStream();
    byte[] one = new byte[1];
    for (int i = 0; i < 4096; i++) {
      if (!caller.read(address + i, one)) {
        return null;
      }
      if (one[0] == 0) {
        break;
      }
      bytes.write(one[0]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  protected void release() {
    group.leaveContainer();
    group.close();
  }
}
