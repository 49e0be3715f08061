package org.iommulab.linux.vfio;

import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;

/** A device file that a group handed out; it keeps the group's file alive. */
final class VfioDeviceFile extends VfioRegionFile {

  private final VfioGroup group;
  private final OpenFile groupFile;

  VfioDeviceFile(VfioGroup group, VfioDevice device, OpenFile groupFile) {
    super("vfio-device " + device.address(), device);
    this.group = group;
    this.groupFile = groupFile.get();
  }

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    return device.ioctl(caller, command, argument);
  }

  @Override
  protected void release() {
    group.closeDevice(device);
    groupFile.put();
  }
}
