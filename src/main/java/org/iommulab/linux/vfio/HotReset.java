package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommufd.IommufdFile;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.jspecify.annotations.Nullable;

/**
 * The reset of a bus: all functions behind one bridge, which must all be in the hands of the one
 * who asks (vfio_pci_core.c, {@code vfio_pci_dev_set_hot_reset()}).
 */
final class HotReset {

  private static final int HEAD_BYTES = Uapi.VFIO_DEVICE_GET_PCI_HOT_RESET_INFO.size();

  /** {@code struct vfio_pci_dependent_device}. */
  private static final int ENTRY_BYTES = 8;

  /** {@code VFIO_PCI_HOT_RESET_FLAG_DEV_ID} and {@code …_OWNED}. */
  private static final int BY_DEVICE_ID = 1;

  private static final int ALL_OWNED = 2;

  /** {@code VFIO_PCI_DEVID_OWNED}: without an id, but in a group of the same owner. */
  private static final int OWNED = 0;

  private static final int NOT_OWNED = -1;

  private final IommuSubsystem iommu;
  private final VfioSubsystem vfio;

  HotReset(IommuSubsystem iommu, VfioSubsystem vfio) {
    this.iommu = iommu;
    this.vfio = vfio;
  }

  /** What is reset together with a function, itself included; nothing on a root bus. */
  private List<IommuDevice> together(VfioDevice one) {
    var all = new ArrayList<IommuDevice>();
    SourceId bridge = one.device().pci().bridge();
    if (bridge != null) {
      behind(bridge, all);
    }
    return all;
  }

  private void behind(SourceId bridge, List<IommuDevice> all) {
    for (IommuDevice device : iommu.devices()) {
      // Virtual functions that nobody has may be switched off.
      boolean there = device.pci().physicalFunction() == null || device.boundDriver() != null;
      if (there && bridge.equals(device.pci().bridge())) {
        all.add(device);
        behind(device.sid(), all);
      }
    }
  }

  private static Status noReset() {
    return Status.fail(Errno.ENODEV, "the function sits on a root bus, which cannot be reset");
  }

  /** {@code vfio_pci_ioctl_get_pci_hot_reset_info()}. */
  Status info(VfioDevice one, UserStruct arg) {
    List<IommuDevice> devices = together(one);
    if (devices.isEmpty()) {
      return noReset();
    }
    boolean byId = one.openedAsCharacterDevice();
    int flags = byId ? BY_DEVICE_ID | ALL_OWNED : 0;
    ByteBuffer entries =
        ByteBuffer.allocate(ENTRY_BYTES * devices.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (IommuDevice device : devices) {
      int id = byId ? idOf(device, one.binding()) : device.group().id();
      flags = byId && id == NOT_OWNED ? flags & ~ALL_OWNED : flags;
      entries.putInt(id).putShort((short) device.sid().segment());
      entries.put((byte) device.sid().bus()).put((byte) device.sid().devfn());
    }
    arg.put("flags", flags);
    arg.put("count", devices.size());
    Status status = arg.copyOut();
    if (status.failed()) {
      return status;
    }
    if (arg.get("argsz") < HEAD_BYTES + entries.capacity()) {
      return Status.fail(Errno.ENOSPC, "argsz leaves no room for all that is reset together");
    }
    return arg.process().write(arg.address() + HEAD_BYTES, entries.array())
        ? Status.OK
        : Status.fail(Errno.EFAULT, "the structure cannot be written back");
  }

  /** {@code vfio_iommufd_get_dev_id()}. */
  private int idOf(IommuDevice device, IommufdFile.@Nullable Binding asking) {
    int id = NOT_OWNED;
    for (IommuDevice member : device.group().devices()) {
      VfioDevice its = vfio.find(member);
      IommufdFile.Binding binding = its == null ? null : its.binding();
      if (binding != null && asking != null && binding.sharesContextWith(asking)) {
        id = member == device ? binding.deviceId() : Math.max(id, OWNED);
      }
      if (id > OWNED) {
        return id;
      }
    }
    return id;
  }

  /** {@code vfio_pci_ioctl_pci_hot_reset()}. */
  Status reset(VfioDevice one, UserStruct arg) {
    int count = arg.id("count");
    boolean byId = one.openedAsCharacterDevice();
    List<IommuDevice> devices = together(one);
    if (arg.id("flags") != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags");
    }
    if (devices.isEmpty()) {
      return noReset();
    }
    if (count != 0 == byId || Integer.compareUnsigned(count, devices.size()) > 0) {
      return Status.fail(
          Errno.EINVAL,
          byId ? "a device opened by its own node needs no groups" : "no groups, or too many");
    }
    var groups = new ArrayList<IommuGroup>();
    Status status = groups(arg, count, groups);
    if (status.failed()) {
      return status;
    }
    var all = new ArrayList<VfioDevice>();
    for (IommuDevice device : devices) {
      VfioDevice its = vfio.find(device);
      if (its == null) {
        return Status.fail(Errno.EINVAL, device + " would be reset too, and vfio-pci has it not");
      }
      boolean owned =
          byId
              ? idOf(device, one.binding()) != NOT_OWNED
              : groups.stream().anyMatch(group -> group == device.group());
      if (!owned) {
        return Status.fail(Errno.EINVAL, device + " would be reset too, and is not the caller's");
      }
      all.add(its);
    }
    all.forEach(VfioDevice::resetFunction);
    return Status.OK;
  }

  private static Status groups(UserStruct arg, int count, List<IommuGroup> groups) {
    byte[] given = new byte[Integer.BYTES * count];
    if (!arg.process().read(arg.address() + HEAD_BYTES, given)) {
      return Status.fail(Errno.EFAULT, "the groups' descriptors cannot be read");
    }
    ByteBuffer descriptors = ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int fd = descriptors.getInt();
      OpenFile file = VfioSubsystem.file(arg.process(), fd);
      if (file == null) {
        return Status.fail(Errno.EBADF, "file descriptor " + fd + " is not open");
      }
      if (!(file instanceof VfioGroupFile group)) {
        return Status.fail(Errno.EINVAL, "file descriptor " + fd + " is no group");
      }
      groups.add(group.group());
    }
    return Status.OK;
  }
}
