package org.iommulab.linux;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.process.FileSystem;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** The device nodes and sysfs attributes of this kernel. */
final class Devices implements FileSystem {

  Devices(KernelParts parts, IommuSubsystem iommu, BootOptions.VfioContainer container) {}

  @Override
  public Opened open(Process process, String path) {
    return Opened.fail(Errno.ENOENT, "no such file: " + path);
  }

  @Override
  public Status writeText(Process process, String path, String text) {
    return Status.fail(Errno.ENOENT, "no such file: " + path);
  }
}
