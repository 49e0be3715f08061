package org.iommulab.linux.vfio;

import java.util.List;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Status;

/**
 * An open device file, whichever way it was opened: its offsets are those of the device's regions
 * (vfio_main.c, {@code vfio_device_fops}).
 */
abstract class VfioRegionFile extends OpenFile {

  /** The device behind it. */
  protected final VfioDevice device;

  private long position;

  VfioRegionFile(String path, VfioDevice device) {
    super(path);
    this.device = device;
  }

  /** From where the file is, which only reads and writes move. */
  @Override
  public SyscallResult read(Process caller, long buffer, long length) {
    return advance(readAt(caller, buffer, length, position));
  }

  @Override
  public SyscallResult write(Process caller, long buffer, long length) {
    return advance(writeAt(caller, buffer, length, position));
  }

  private SyscallResult advance(SyscallResult moved) {
    position += moved.failed() ? 0 : moved.ret();
    return moved;
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
  public boolean answersMapped() {
    return device.answersMapped();
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
    return device.mappableBytes();
  }

  @Override
  public Status map(long offset, long length) {
    return device.map(offset, length);
  }
}
