package org.iommulab.linux.iommu;

import java.util.Arrays;

/**
 * The range whose translations an unmap made invalid, and the table frames that become free once
 * the IOTLB has forgotten them ({@code struct iommu_iotlb_gather}).
 */
public final class IotlbGather {

  private static final long[] NONE = {};

  private final boolean queued;
  private long start = -1;
  private long end;
  private long pgsize;
  private long[] freelist = NONE;
  private int freeCount;

  /** An empty gather; {@code queued} when the flush queue takes care of flushing. */
  public IotlbGather(boolean queued) {
    this.queued = queued;
  }

  /** A flush queue flushes later. */
  public boolean queued() {
    return queued;
  }

  /** First address, all ones while empty. */
  public long start() {
    return start;
  }

  /** Last address. */
  public long end() {
    return end;
  }

  /** Size of the pieces that were added, 0 while empty. */
  public long pgsize() {
    return pgsize;
  }

  /** Tells whether a piece of that size can join without a flush in between. */
  boolean accepts(long iova, long size) {
    if (pgsize == 0) {
      return true;
    }
    boolean touches =
        Long.compareUnsigned(iova, end + 1) <= 0 && Long.compareUnsigned(iova + size, start) >= 0;
    return pgsize == size && touches;
  }

  void add(long iova, long size) {
    long last = iova + size - 1;
    start = Long.compareUnsigned(iova, start) < 0 ? iova : start;
    end = pgsize == 0 || Long.compareUnsigned(last, end) > 0 ? last : end;
    pgsize = size;
  }

  /** {@code iommu_iotlb_gather_add_range()}: takes a piece in, whatever its size and place. */
  public void widen(long iova, long size) {
    add(iova, size);
  }

  /** Nothing has been added. */
  public boolean isEmpty() {
    return pgsize == 0;
  }

  /** Adds a table frame to free after the flush. */
  public void free(long pfn) {
    if (freeCount == freelist.length) {
      freelist = Arrays.copyOf(freelist, Math.max(16, freeCount * 2));
    }
    freelist[freeCount++] = pfn;
  }

  /** Frames on the free list. */
  public int freeCount() {
    return freeCount;
  }

  /** One of the frames on the free list. */
  public long freeAt(int index) {
    return freelist[index];
  }

  /** Empties the gather after a flush. */
  public void reset() {
    start = -1;
    end = 0;
    pgsize = 0;
    freeCount = 0;
  }
}
