package org.iommulab.linux;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Era;

/**
 * Nodes below {@code /dev} and their numbers: {@code vfio_misc_dev}, {@code iommu_misc_dev}, those
 * of groups ({@code drivers/vfio/group.c}) and of devices ({@code device_cdev.c}).
 */
final class DeviceNodes {

  /** {@code MISC_MAJOR} and {@code VFIO_MINOR} of {@code linux/miscdevice.h}. */
  private static final int MISC_MAJOR = 10;

  private static final int VFIO_MINOR = 196;

  /** Given out as modules are loaded: these are as good as any. */
  private static final int IOMMU_MINOR = 260;

  private static final int GROUP_MAJOR = 511;
  private static final int DEVICE_MAJOR = 510;

  private static final int OWNER_ONLY = 0600;
  private static final int GROUP_TOO = 0660;
  private static final int EVERYBODY = 0666;

  private final Era era;
  private final List<KernelView.Assigned> assigned;

  DeviceNodes(Era era, List<KernelView.Assigned> assigned) {
    this.era = era;
    this.assigned = assigned;
  }

  List<KernelView.DeviceNode> all() {
    var nodes = new ArrayList<KernelView.DeviceNode>();
    nodes.add(misc("/dev/vfio/vfio", "vfio", VFIO_MINOR, EVERYBODY));
    if (era.hasIommufd()) {
      nodes.add(misc("/dev/iommu", "iommu", IOMMU_MINOR, GROUP_TOO));
    }
    List<Integer> groups = assigned.stream().map(KernelView.Assigned::group).distinct().toList();
    for (int minor = 0; minor < groups.size(); minor++) {
      String number = groups.get(minor).toString();
      nodes.add(
          new KernelView.DeviceNode(
              "/dev/vfio/" + number,
              "vfio",
              GROUP_MAJOR,
              minor,
              "/sys/class/vfio/" + number,
              OWNER_ONLY));
    }
    for (KernelView.Assigned device :
        era.hasDeviceNodes() ? assigned : List.<KernelView.Assigned>of()) {
      String name = "vfio" + device.number();
      nodes.add(
          new KernelView.DeviceNode(
              "/dev/vfio/devices/" + name,
              "vfio-dev",
              DEVICE_MAJOR,
              device.number(),
              "/sys/class/vfio-dev/" + name,
              OWNER_ONLY));
    }
    return nodes;
  }

  private static KernelView.DeviceNode misc(String path, String name, int minor, int permissions) {
    return new KernelView.DeviceNode(
        path, "misc", MISC_MAJOR, minor, "/sys/class/misc/" + name, permissions);
  }
}
