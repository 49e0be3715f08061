package org.iommulab.linux.mm;

import java.util.Arrays;
import org.iommulab.memory.PhysicalMemory;

/** Zeroed pages in a row, for tables larger than one page. */
public final class KernelPages {

  private KernelPages() {}

  /** First of 2^order zeroed frames, aligned to their number; -1 if there are none in a row. */
  public static long allocate(FrameAllocator frames, PhysicalMemory memory, int order) {
    int pages = 1 << order;
    FrameAllocator.Run run = frames.allocateRun(pages, pages);
    if (run.count() < pages) {
      if (run.count() > 0) {
        frames.release(run.first(), run.count());
      }
      return -1;
    }
    for (int i = 0; i < pages; i++) {
      clear(memory, run.first() + i);
    }
    return run.first();
  }

  /** Fills a frame with zeros. */
  public static void clear(PhysicalMemory memory, long pfn) {
    long[] frame = memory.frameForWrite(pfn);
    if (frame != null) {
      Arrays.fill(frame, 0);
    }
  }
}
