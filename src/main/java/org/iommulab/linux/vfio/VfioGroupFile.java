package org.iommulab.linux.vfio;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.jspecify.annotations.Nullable;

/** An open {@code /dev/vfio/N}. */
final class VfioGroupFile extends OpenFile {

  private static final int VIABLE = 1;
  private static final int CONTAINER_SET = 2;

  private final KernelParts parts;
  private final VfioGroup group;

  VfioGroupFile(String path, KernelParts parts, VfioGroup group) {
    super(path);
    this.parts = parts;
    this.group = group;
  }

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    return switch (command) {
      case 0x3B67 -> SyscallResult.of(status(caller, argument));
      case 0x3B68 -> setContainer(caller, argument);
      case 0x3B69 -> traced("vfio_group_ioctl_unset_container", group::unsetContainer);
      case 0x3B6A -> deviceFd(caller, argument);
      default -> SyscallResult.fail(Errno.ENOTTY, "a VFIO group has no such ioctl");
    };
  }

  private SyscallResult traced(String function, Supplier<Status> call) {
    if (parts.trace().isOn()) {
      parts.trace().enter(function);
    }
    return SyscallResult.of(parts.leave(call.get()));
  }

  private Status status(Process caller, long argument) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_GROUP_GET_STATUS, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    int flags = 0;
    if (group.container() != null) {
      flags = group.viable() ? CONTAINER_SET | VIABLE : CONTAINER_SET;
    } else if (!group.group().dmaOwnerClaimed()) {
      flags = VIABLE;
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
    Status status = fetched.status();
    if (arg != null) {
      int fd = arg.id("container");
      OpenFile file = VfioSubsystem.file(caller, fd);
      status =
          file == null
              ? Status.fail(Errno.EBADF, "file descriptor " + fd + " is not open")
              : group.setContainer(file);
    }
    return SyscallResult.of(parts.leave(status));
  }

  private SyscallResult deviceFd(Process caller, long argument) {
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_group_ioctl_get_device_fd").hex("arg", argument);
    }
    String name = text(caller, argument);
    Status status;
    VfToken.Named named = name == null ? null : VfToken.named(name);
    VfioDevice device = named == null ? null : group.device(named.device());
    if (name == null) {
      status = Status.fail(Errno.EFAULT, "the device name cannot be read");
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
