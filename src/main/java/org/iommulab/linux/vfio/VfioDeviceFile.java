package org.iommulab.linux.vfio;

import java.util.List;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Status;

/** A device file that a group handed out; it keeps the group's file alive. */
final class VfioDeviceFile extends OpenFile {

  private final VfioGroup group;
  private final VfioDevice device;
  private final OpenFile groupFile;

  VfioDeviceFile(VfioGroup group, VfioDevice device, OpenFile groupFile) {
    super("vfio-device " + device.address());
    this.group = group;
    this.device = device;
    this.groupFile = groupFile.get();
  }

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    return device.ioctl(caller, command, argument);
  }

  @Override
  public SyscallResult readAt(Process caller, long buffer, long length, long offset) {
    return device.read(caller, buffer, length, offset);
  }

  @Override
  public SyscallResult writeAt(Process caller, long buffer, long length, long offset) {
    return device.write(caller, buffer, length, offset);
  }

  @Override
  public List<Window> windows() {
    return device.windows();
  }

  @Override
  public boolean liesInFile(long offset) {
    return device.isWindow(offset);
  }

  @Override
  public boolean showsRegisters() {
    return device.hasRegisters();
  }

  @Override
  public long readMapped(long offset, int size) {
    return device.readMapped(offset, size);
  }

  @Override
  public void writeMapped(long offset, int size, long value) {
    device.writeMapped(offset, size, value);
  }

  @Override
  public long mappableBytes() {
    return VfioDevice.regionBytes();
  }

  @Override
  public Status map(long offset, long length) {
    return device.map(offset, length);
  }

  @Override
  protected void release() {
    device.closed();
    group.closeDevice(device);
    groupFile.put();
  }
}
