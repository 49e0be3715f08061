package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.process.EventCounter;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;

/** {@code VFIO_DEVICE_FEATURE}: what a device can do beyond the ioctls that all have. */
final class DeviceFeatures {

  private static final int HEAD_BYTES = 8;
  private static final int BUFFER_BYTES = 16;
  private static final int RANGE_BYTES = 16;
  private static final int NONE = -1;
  private static final int LOW_POWER_ENTRY = 3;
  private static final int LOW_POWER_ENTRY_WITH_WAKEUP = 4;
  private static final int LOW_POWER_EXIT = 5;

  /** {@code struct vfio_device_low_power_entry_with_wakeup}: an eventfd and 4 bytes of nothing. */
  private static final int WAKEUP_BYTES = 8;

  private static final int ROM_REGION = 6;

  /** What fits into the largest piece of memory that the kernel gives out, 4 MiB. */
  private static final int MOST_RANGES = (4 << 20) / RANGE_BYTES;

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
    boolean both =
        (flags & UapiFlags.FEATURE_PROBE) == 0
            && (flags & UapiFlags.FEATURE_GET) != 0
            && (flags & UapiFlags.FEATURE_SET) != 0;
    if ((flags
                & ~(UapiFlags.FEATURE_NUMBER
                    | UapiFlags.FEATURE_GET
                    | UapiFlags.FEATURE_SET
                    | UapiFlags.FEATURE_PROBE))
            != 0
        || both) {
      return SyscallResult.fail(Errno.EINVAL, "unknown flags, or GET and SET together");
    }
    long room = arg.get("argsz") - HEAD_BYTES;
    return switch (has(flags & UapiFlags.FEATURE_NUMBER)
        ? flags & UapiFlags.FEATURE_NUMBER
        : NONE) {
      case UapiFlags.FEATURE_VF_TOKEN -> SyscallResult.of(token(caller, arg, flags, room));
      case LOW_POWER_ENTRY, LOW_POWER_EXIT -> SyscallResult.of(power(flags, room));
      case LOW_POWER_ENTRY_WITH_WAKEUP -> SyscallResult.of(sleep(caller, arg, flags, room));
      case UapiFlags.FEATURE_DMA_BUF -> {
        Status asked = check(flags, room, UapiFlags.FEATURE_GET, BUFFER_BYTES);
        yield asksOnly(flags, asked) ? SyscallResult.of(asked) : dmaBuf(caller, arg);
      }
      default -> SyscallResult.fail(Errno.ENOTTY, "the device has no such feature here");
    };
  }

  private boolean has(int feature) {
    return switch (feature) {
      case UapiFlags.FEATURE_VF_TOKEN -> device.token() != null;
      case LOW_POWER_ENTRY, LOW_POWER_ENTRY_WITH_WAKEUP, LOW_POWER_EXIT ->
          parts.era().atLeast(Era.V6_1);
      case UapiFlags.FEATURE_DMA_BUF -> parts.era().atLeast(Era.V6_19);
      default -> false;
    };
  }

  /** {@code vfio_check_feature()}: what of GET and SET there is, and the bytes it needs. */
  private static Status check(int flags, long room, int supported, int bytes) {
    if ((flags & (UapiFlags.FEATURE_GET | UapiFlags.FEATURE_SET) & ~supported) != 0) {
      return Status.fail(
          Errno.EINVAL,
          supported == UapiFlags.FEATURE_GET
              ? "the feature can only be read"
              : "the feature can only be set");
    }
    if ((flags & UapiFlags.FEATURE_PROBE) == 0
        && ((flags & (UapiFlags.FEATURE_GET | UapiFlags.FEATURE_SET)) == 0 || room < bytes)) {
      return Status.fail(Errno.EINVAL, "GET and SET are missing, or argsz leaves no room");
    }
    return Status.OK;
  }

  private static boolean asksOnly(int flags, Status checked) {
    return checked.failed() || (flags & UapiFlags.FEATURE_PROBE) != 0;
  }

  private Status token(Process caller, UserStruct arg, int flags, long room) {
    Status asked = check(flags, room, UapiFlags.FEATURE_SET, VfToken.BYTES);
    return asksOnly(flags, asked) ? asked : device.setToken(caller, arg.address() + HEAD_BYTES);
  }

  private Status power(int flags, long room) {
    Status asked = check(flags, room, UapiFlags.FEATURE_SET, 0);
    if (asksOnly(flags, asked)) {
      return asked;
    }
    return (flags & UapiFlags.FEATURE_NUMBER) == LOW_POWER_ENTRY
        ? device.sleep(null)
        : device.wake();
  }

  /** {@code vfio_pci_core_pm_entry_with_wakeup()}. */
  private Status sleep(Process caller, UserStruct arg, int flags, long room) {
    Status asked = check(flags, room, UapiFlags.FEATURE_SET, WAKEUP_BYTES);
    if (asksOnly(flags, asked)) {
      return asked;
    }
    byte[] entry = new byte[WAKEUP_BYTES];
    if (!caller.read(arg.address() + HEAD_BYTES, entry)) {
      return Status.fail(Errno.EFAULT, "the descriptor of the eventfd cannot be read");
    }
    int fd = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (fd < 0) {
      return Status.fail(Errno.EINVAL, "an eventfd is needed");
    }
    EventCounter.Held wakeup = EventCounter.hold(caller, fd);
    if (wakeup == null) {
      return EventCounter.missing(caller, fd);
    }
    Status status = device.sleep(wakeup);
    if (status.failed()) {
      wakeup.release();
    }
    return status;
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
    if (ranges > MOST_RANGES) {
      return SyscallResult.fail(Errno.ENOMEM, "so many ranges are not copied");
    }
    byte[] bytes = new byte[(int) ranges * RANGE_BYTES];
    if (!caller.read(arg.address() + HEAD_BYTES + BUFFER_BYTES, bytes)) {
      return SyscallResult.fail(Errno.EFAULT, "the ranges cannot be read");
    }
    LongBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    Status refused = checkPages(fields);
    List<AddressRange> bars = device.device().pci().bars();
    int index = arg.id("region_index");
    if (!refused.failed() && index >= bars.size()) {
      refused = Status.fail(Errno.EINVAL, "the device has no memory window there");
    }
    var pieces = new ArrayList<AddressRange>();
    for (int at = 0; !refused.failed() && at < fields.limit(); at += 2) {
      refused = addPiece(bars.get(index), fields.get(at), fields.get(at + 1), pieces);
    }
    return refused.failed()
        ? SyscallResult.of(refused)
        : SyscallResult.ok(caller.install(device.export(pieces)));
  }

  /** {@code validate_dmabuf_input()}. */
  private static Status checkPages(LongBuffer fields) {
    long total = 0;
    for (int at = 0; at < fields.limit(); at += 2) {
      long length = fields.get(at + 1);
      if (!Page.isWhole(fields.get(at) | length)) {
        return Status.fail(Errno.EINVAL, "offset and length are not whole pages");
      }
      if (Long.compareUnsigned(total + length, total) < 0) {
        return Status.fail(Errno.EINVAL, "the lengths come to more than 2^64");
      }
      total += length;
    }
    // The topmost bit of a size means something else to the DMA API.
    return total < 0 ? Status.fail(Errno.EINVAL, "the ranges are too long") : Status.OK;
  }

  /** {@code vfio_pci_core_fill_phys_vec()}: one of its ranges. */
  private static Status addPiece(
      AddressRange bar, long offset, long length, List<AddressRange> pieces) {
    if (length == 0) {
      return Status.fail(Errno.EINVAL, "a range has no page");
    }
    long start = bar.start() + offset;
    long end = start + length;
    if (Long.compareUnsigned(start, offset) < 0 || Long.compareUnsigned(end, start) < 0) {
      return Status.fail(Errno.EOVERFLOW, "a range ends above 2^64");
    }
    if (Long.compareUnsigned(end, bar.end()) > 0) {
      return Status.fail(Errno.EINVAL, "the window is not that large");
    }
    pieces.add(new AddressRange(start, end));
    return Status.OK;
  }
}
