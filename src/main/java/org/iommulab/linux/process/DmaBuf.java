package org.iommulab.linux.process;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.memory.AddressRange;

/** A {@code dma-buf} of a device's registers: other devices can be shown them. */
public final class DmaBuf extends PagesFile {

  private static final long FIRST = 1L << 40;

  private final UserMemory memory;
  private final long size;

  /**
   * A buffer over a window of a device.
   *
   * @param window physical addresses, in whole pages
   */
  public DmaBuf(KernelParts parts, AddressRange window) {
    super("dma-buf");
    this.memory = new UserMemory(parts.memory(), parts.frames());
    this.size = window.size();
    memory.showDevice(window, "dma-buf", FIRST);
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  @Override
  public UserPages memory() {
    return memory;
  }

  @Override
  public long address(long offset) {
    return FIRST + offset;
  }

  @Override
  protected void release() {
    memory.exit();
  }
}
