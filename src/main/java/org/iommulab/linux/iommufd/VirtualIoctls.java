package org.iommulab.linux.iommufd;

import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/**
 * The ioctls of virtual IOMMUs (iommufd/viommu.c). VT-d has none, so that allocation ends at the
 * driver; everything else finds no virtual IOMMU to work on.
 */
final class VirtualIoctls {

  private final IommufdContext context;

  VirtualIoctls(IommufdContext context) {
    this.context = context;
  }

  private static Status unsupported() {
    return Status.fail(Errno.EOPNOTSUPP, "unknown flags, type 0, or a reserved field is set");
  }

  private static Status noViommu(UserStruct arg) {
    return Status.fail(Errno.ENOENT, "there is no vIOMMU " + arg.id("viommu_id"));
  }

  Status allocViommu(UserStruct arg) {
    if (arg.get("flags") != 0 || arg.get("type") == 0 || arg.get("__reserved") != 0) {
      return unsupported();
    }
    if (context.find(arg.id("dev_id"), IommufdDevice.class) == null) {
      return Status.fail(Errno.ENOENT, "there is no device " + arg.id("dev_id"));
    }
    return Status.fail(Errno.EOPNOTSUPP, "the device's driver has no vIOMMU of that type");
  }

  Status allocVdevice(UserStruct arg) {
    return noViommu(arg);
  }

  Status allocEventQueue(UserStruct arg) {
    if (arg.get("flags") != 0 || arg.get("type") == 0 || arg.get("__reserved") != 0) {
      return unsupported();
    }
    return arg.get("veventq_depth") == 0
        ? Status.fail(Errno.EINVAL, "the depth is 0")
        : noViommu(arg);
  }

  Status allocHardwareQueue(UserStruct arg) {
    if (arg.get("flags") != 0 || arg.get("type") == 0) {
      return unsupported();
    }
    if (arg.get("length") == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    return Unsigned.wraps(arg.get("nesting_parent_iova"), arg.get("length"))
        ? Status.fail(Errno.EOVERFLOW, "the queue wraps")
        : noViommu(arg);
  }
}
