package org.iommulab.linux.vfio;

import java.util.List;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommufd.IommufdFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/** A PCI function in the hands of vfio-pci ({@code struct vfio_device}). */
final class VfioDevice {

  private static final int REGIONS = 9;
  private static final int CONFIG_REGION = 7;
  private static final int IRQS = 5;

  private final IommuDevice device;
  private final int number;
  private int opens;
  private boolean openedAsCharacterDevice;
  private IommufdFile.@Nullable Binding binding;

  VfioDevice(IommuDevice device, int number) {
    this.device = device;
    this.number = number;
  }

  IommuDevice device() {
    return device;
  }

  /** Number of its node {@code /dev/vfio/devices/vfioN}. */
  int number() {
    return number;
  }

  String address() {
    return device.pci().address();
  }

  int opens() {
    return opens;
  }

  void setOpens(int count) {
    opens = count;
  }

  boolean openedAsCharacterDevice() {
    return openedAsCharacterDevice;
  }

  void setOpenedAsCharacterDevice(boolean on) {
    openedAsCharacterDevice = on;
  }

  IommufdFile.@Nullable Binding binding() {
    return binding;
  }

  void setBinding(IommufdFile.@Nullable Binding bound) {
    binding = bound;
  }

  /** Drops the binding to an iommufd context, if there is one. */
  void unbind() {
    IommufdFile.Binding bound = binding;
    if (bound != null) {
      binding = null;
      bound.unbind();
    }
  }

  /** The ioctls that every open device file answers. */
  SyscallResult ioctl(Process caller, int command, long argument) {
    return SyscallResult.of(
        switch (command) {
          case 0x3B6B -> info(caller, argument);
          case 0x3B6C -> regionInfo(caller, argument);
          default -> Status.fail(Errno.ENOTTY, "vfio-pci has no such ioctl here");
        });
  }

  private static Status info(Process caller, long argument) {
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, Uapi.VFIO_DEVICE_GET_INFO, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    arg.put("flags", 2);
    arg.put("num_regions", REGIONS);
    arg.put("num_irqs", IRQS);
    return arg.copyOut();
  }

  private Status regionInfo(Process caller, long argument) {
    UserStruct.Fetched fetched =
        UserStruct.byArgsz(caller, Uapi.VFIO_DEVICE_GET_REGION_INFO, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return fetched.status();
    }
    int index = arg.id("index");
    List<AddressRange> bars = device.pci().bars();
    if (index < 0 || index > CONFIG_REGION) {
      return Status.fail(Errno.EINVAL, "the device has no region " + index);
    }
    boolean bar = index < bars.size();
    boolean config = index == CONFIG_REGION;
    // Read 1, write 2, mmap 4.
    arg.put("flags", bar ? 7 : config ? 3 : 0);
    arg.put("size", bar ? bars.get(index).size() : config ? 256 : 0);
    arg.put("offset", (long) index << 40);
    return arg.copyOut();
  }
}
