package org.iommulab.linux.intel.queue;

import org.iommulab.memory.Page;

/**
 * The range a page-selective invalidation really covers: 2^mask pages from an address that is
 * aligned to them ({@code calculate_psi_aligned_address()}).
 *
 * @param address first address, aligned down
 * @param mask log2 of the pages
 */
public record FlushRange(long address, int mask) {

  /** Mask that means everything. */
  public static final int EVERYTHING = 52;

  /** The whole address space. */
  public static final FlushRange ALL = new FlushRange(0, EVERYTHING);

  /** The smallest such range that holds {@code start} to {@code last}. */
  public static FlushRange of(long start, long last) {
    return of(start, last, true);
  }

  /**
   * The range an invalidation asks for.
   *
   * @param widens false as in kernels before 5.15: only the number of pages counts, so that an
   *     address that is not aligned to it leaves pages at the end out
   */
  public static FlushRange of(long start, long last, boolean widens) {
    if (start == 0 && last == -1L) {
      return ALL;
    }
    long firstPfn = Page.number(start);
    long lastPfn = Page.number(last);
    long pages = lastPfn - firstPfn + 1;
    int mask = pages <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(pages - 1);
    long bits = (1L << mask) - 1;
    if (widens && (firstPfn & bits) != 0) {
      // Not aligned: widen until start and end agree in everything above the mask.
      long shared = ~(firstPfn ^ lastPfn) & ~bits;
      mask = shared != 0 ? Long.numberOfTrailingZeros(shared) : EVERYTHING;
    }
    return new FlushRange(mask >= EVERYTHING ? 0 : start & -(1L << 12 + mask), mask);
  }
}
