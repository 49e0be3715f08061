package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.swiotlb.PoolMemory;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;

/** Blocks for bounce buffers: the highest that is free below a limit, as memblock gives them. */
final class LowMemory implements PoolMemory {

  /** Blocks are tried this many frames apart: 1 MiB. */
  private static final long STEP = 256;

  private final KernelParts parts;

  LowMemory(KernelParts parts) {
    this.parts = parts;
  }

  @Override
  public long allocate(long bytes, long highest) {
    if (parts.allocate("a SWIOTLB pool").failed()) {
      return Swiotlb.NO_ADDRESS;
    }
    long count = Page.number(bytes);
    List<AddressRange> ram = parts.memory().ram();
    for (int i = ram.size() - 1; i >= 0; i--) {
      boolean cut = Long.compareUnsigned(highest, ram.get(i).end() - 1) < 0;
      long end = Page.number(cut ? highest + 1 : ram.get(i).end());
      long lowest = Math.max(1, Page.number(ram.get(i).start()));
      long step = Math.min(STEP, Long.highestOneBit(count));
      for (long first = end - count & -2; first >= lowest; first -= step) {
        if (parts.frames().reserve(first, count)) {
          return Page.address(first);
        }
      }
    }
    return Swiotlb.NO_ADDRESS;
  }

  @Override
  public void free(long start, long bytes) {
    parts.frames().unreserve(Page.number(start), Page.number(bytes));
  }
}
