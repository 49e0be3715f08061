package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommufd.IommufdFile;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** A group of which vfio-pci has at least one device ({@code struct vfio_group}). */
final class VfioGroup {

  private final KernelParts parts;
  private final IommuGroup group;
  private final List<VfioDevice> devices = new ArrayList<>();
  private boolean opened;
  private int characterDevices;
  private @Nullable OpenFile container;
  private int openDevices;

  VfioGroup(KernelParts parts, IommuGroup group) {
    this.parts = parts;
    this.group = group;
  }

  IommuGroup group() {
    return group;
  }

  void add(VfioDevice device) {
    devices.add(device);
  }

  /** Removes a device; true if the group has none left. */
  boolean remove(VfioDevice device) {
    devices.remove(device);
    return devices.isEmpty();
  }

  @Nullable VfioDevice device(String address) {
    for (VfioDevice device : devices) {
      if (device.address().equals(address)) {
        return device;
      }
    }
    return null;
  }

  boolean opened() {
    return opened;
  }

  Status open() {
    if (opened) {
      return Status.fail(Errno.EBUSY, "the group is open already");
    }
    if (characterDevices > 0) {
      return Status.fail(Errno.EBUSY, "a device of the group is open as a character device");
    }
    opened = true;
    return Status.OK;
  }

  void close() {
    opened = false;
  }

  /** A device of the group was bound or unbound through its own node. */
  void countCharacterDevices(int delta) {
    characterDevices += delta;
  }

  /** {@code vfio_group_viable()}: before groups were claimed, VFIO looked at the drivers itself. */
  boolean viable() {
    return parts.era().claimsGroups() || !group.dmaOwnerClaimed();
  }

  /** The container or iommufd the group is in, or null. */
  @Nullable OpenFile container() {
    return container;
  }

  /** {@code VFIO_GROUP_SET_CONTAINER} after the file was found. */
  Status setContainer(OpenFile file) {
    if (container != null) {
      return Status.fail(Errno.EINVAL, "the group is in a container already");
    }
    Status status;
    if (file instanceof IommufdFile iommufd) {
      iommufd.createCompatIoas();
      status = Status.OK;
    } else if (file instanceof VfioContainerFile type1) {
      status = type1.attachGroup(this);
    } else {
      // EINVAL until iommufd came along.
      Errno errno = parts.era().atLeast(Era.V6_2) ? Errno.EBADFD : Errno.EINVAL;
      status = Status.fail(errno, "the file is not a container");
    }
    if (!status.failed()) {
      container = file.get();
    }
    return status;
  }

  /** {@code VFIO_GROUP_UNSET_CONTAINER}. */
  Status unsetContainer() {
    OpenFile file = container;
    if (file == null) {
      return Status.fail(Errno.EINVAL, "the group is in no container");
    }
    if (openDevices > 0) {
      return Status.fail(Errno.EBUSY, "a device of the group is open");
    }
    leaveContainer();
    return Status.OK;
  }

  /** Leaves the container whatever is open: the group file is gone. */
  void leaveContainer() {
    OpenFile file = container;
    if (file != null) {
      container = null;
      if (file instanceof VfioContainerFile type1) {
        type1.detachGroup(this);
      }
      file.put();
    }
  }

  /** Whether devices of the group may be opened, whichever they are. */
  Status mayOpen() {
    if (container == null) {
      return Status.fail(Errno.EINVAL, "the group is in no container");
    }
    if (!viable()) {
      return Status.fail(Errno.EINVAL, "a device of the group has a driver of the kernel");
    }
    return container instanceof VfioContainerFile type1 && !type1.hasIommu()
        ? Status.fail(Errno.EINVAL, "the container has no IOMMU type set")
        : Status.OK;
  }

  /** Opens a device for {@code VFIO_GROUP_GET_DEVICE_FD}. */
  Status openDevice(VfioDevice device) {
    Status refused = mayOpen();
    if (refused.failed()) {
      return refused;
    }
    if (device.opens() == 0) {
      Status status = openFirst(device);
      if (status.failed()) {
        return status;
      }
    }
    device.setOpens(device.opens() + 1);
    device.countUse(device.opens() == 1 ? 1 : 0);
    openDevices++;
    return Status.OK;
  }

  private Status openFirst(VfioDevice device) {
    if (!(container instanceof IommufdFile iommufd)) {
      return Status.OK;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("vfio_df_iommufd_bind").text("dev", device.address());
    }
    return parts.leave(bind(device, iommufd));
  }

  private static Status bind(VfioDevice device, IommufdFile iommufd) {
    IommufdFile.Bound bound = iommufd.bind(device.device());
    IommufdFile.Binding binding = bound.binding();
    if (binding == null) {
      return bound.status();
    }
    Status status = binding.attach(Pasid.OF_REQUESTER, iommufd.compatIoas()).status();
    if (status.failed()) {
      binding.unbind();
      return status;
    }
    device.setBinding(binding);
    return Status.OK;
  }

  /** A device file of this group was closed. */
  void closeDevice(VfioDevice device) {
    device.setOpens(device.opens() - 1);
    openDevices--;
    if (device.opens() == 0) {
      device.closed();
      device.countUse(-1);
      device.unbind();
    }
  }
}
