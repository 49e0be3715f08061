package org.iommulab.linux.vfio;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** An open {@code /dev/vfio/vfio} with the classic type 1 backend. */
final class VfioContainerFile extends OpenFile {

  VfioContainerFile(String path, KernelParts parts, IommuSubsystem iommu, Type1Limits limits) {
    super(path);
  }

  boolean hasIommu() {
    return false;
  }

  Status attachGroup(VfioGroup group) {
    return Status.fail(Errno.EINVAL, "no backend");
  }

  void detachGroup(VfioGroup group) {}
}
