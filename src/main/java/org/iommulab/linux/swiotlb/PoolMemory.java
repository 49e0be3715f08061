package org.iommulab.linux.swiotlb;

/** Where pools that come later than boot get their memory from. */
public interface PoolMemory {

  /**
   * A contiguous block.
   *
   * @param bytes its size, a multiple of 4 KiB
   * @param highest last address it may have
   * @return its first address, or {@link Swiotlb#NO_ADDRESS}
   */
  long allocate(long bytes, long highest);

  /** Takes a block back. */
  void free(long start, long bytes);
}
