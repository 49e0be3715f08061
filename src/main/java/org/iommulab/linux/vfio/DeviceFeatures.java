package org.iommulab.linux.vfio;

import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.process.DmaBuf;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;

/** {@code VFIO_DEVICE_FEATURE}: what a device can do beyond the ioctls that all have. */
final class DeviceFeatures {

  private static final int HEAD_BYTES = 8;
  private static final int BUFFER_BYTES = 16;
  private static final int RANGE_BYTES = 16;
  private static final int NUMBER = 0xFFFF;
  private static final int GET = 1 << 16;
  private static final int SET = 1 << 17;
  private static final int PROBE = 1 << 18;
  private static final int VF_TOKEN = 0;
  private static final int DMA_BUF = 11;
  private static final int ROM_REGION = 6;

  private final KernelParts parts;
  private final VfioDevice device;

  DeviceFeatures(KernelParts parts, VfioDevice device) {
    this.parts = parts;
    this.device = device;
  }

  /** {@code vfio_ioctl_device_feature()}; the result of a dma-buf is its descriptor. */
  SyscallResult feature(Process caller, long argument) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_DEVICE_FEATURE, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return SyscallResult.of(fetched.status());
    }
    int flags = arg.id("flags");
    boolean both = (flags & PROBE) == 0 && (flags & GET) != 0 && (flags & SET) != 0;
    if ((flags & ~(NUMBER | GET | SET | PROBE)) != 0 || both) {
      return SyscallResult.fail(Errno.EINVAL, "unknown flags, or GET and SET together");
    }
    if ((flags & NUMBER) == VF_TOKEN && device.token() != null) {
      return SyscallResult.of(token(caller, arg, flags));
    }
    if ((flags & NUMBER) != DMA_BUF || !parts.era().atLeast(Era.V6_19)) {
      return SyscallResult.fail(Errno.ENOTTY, "the device has no such feature here");
    }
    Status refused = check(flags, arg.get("argsz") - HEAD_BYTES);
    if (refused.failed() || (flags & PROBE) != 0) {
      return SyscallResult.of(refused);
    }
    return dmaBuf(caller, arg);
  }

  private Status token(Process caller, UserStruct arg, int flags) {
    if ((flags & GET) != 0) {
      return Status.fail(Errno.EINVAL, "the token can only be set");
    }
    if ((flags & PROBE) != 0) {
      return Status.OK;
    }
    return (flags & SET) == 0
        ? Status.fail(Errno.EINVAL, "SET is missing")
        : device.setToken(caller, arg.address() + HEAD_BYTES, arg.get("argsz") - HEAD_BYTES);
  }

  /** {@code vfio_check_feature()}. */
  private static Status check(int flags, long room) {
    if ((flags & SET) != 0) {
      return Status.fail(Errno.EINVAL, "the feature can only be read");
    }
    if ((flags & PROBE) != 0) {
      return Status.OK;
    }
    return (flags & GET) == 0 || room < BUFFER_BYTES
        ? Status.fail(Errno.EINVAL, "GET is missing, or argsz leaves no room")
        : Status.OK;
  }

  private SyscallResult dmaBuf(Process caller, UserStruct arg) {
    if (!arg.extend(HEAD_BYTES + BUFFER_BYTES)) {
      return SyscallResult.fail(Errno.EFAULT, "the structure cannot be read");
    }
    long ranges = arg.get("nr_ranges");
    if (ranges == 0 || arg.get("dma_buf_flags") != 0) {
      return SyscallResult.fail(Errno.EINVAL, "no range, or flags");
    }
    if (arg.get("region_index") >= ROM_REGION) {
      return SyscallResult.fail(Errno.ENODEV, "the region is no memory window");
    }
    if (ranges > 1) {
      return SyscallResult.fail(Errno.EOPNOTSUPP, "a dma-buf has one range here");
    }
    if (!arg.extend(HEAD_BYTES + BUFFER_BYTES + RANGE_BYTES)) {
      return SyscallResult.fail(Errno.EFAULT, "the range cannot be read");
    }
    long offset = arg.get("offset");
    long length = arg.get("length");
    if (length == 0 || !Page.isWhole(offset | length)) {
      return SyscallResult.fail(Errno.EINVAL, "offset and length are not whole pages");
    }
    long position = arg.get("region_index") << VfioDevice.REGION_SHIFT | offset;
    boolean fits = offset >>> VfioDevice.REGION_SHIFT == 0;
    if (!fits || device.map(position, length).failed()) {
      return SyscallResult.fail(Errno.EINVAL, "the window is not that large");
    }
    AddressRange bar = device.device().pci().bars().get((int) arg.get("region_index"));
    AddressRange window = AddressRange.ofSize(bar.start() + offset, length);
    return SyscallResult.ok(caller.install(new DmaBuf(parts, window)));
  }
}
