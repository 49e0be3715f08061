package org.iommulab.bus.ats;

/**
 * An aligned power-of-two range of addresses, in the form translations and invalidations share: one
 * page, or with the S bit a size told by the ones that follow bit 11 of the address.
 *
 * @param start first address, a multiple of the size
 * @param order log2 of its bytes, 12 to 64
 */
public record PageRange(long start, int order) {

  private static final int PAGE_ORDER = 12;
  private static final int WHOLE = 64;

  public PageRange {
    if (order < PAGE_ORDER || order > WHOLE) {
      throw new IllegalArgumentException("a range of 2^" + order + " bytes");
    }
    start &= mask(order);
  }

  private static long mask(int order) {
    return order == WHOLE ? 0 : -1L << order;
  }

  /** The 4 KiB page of an address. */
  public static PageRange page(long address) {
    return new PageRange(address, PAGE_ORDER);
  }

  /** The range of 2^order bytes around an address. */
  public static PageRange around(long address, int order) {
    return new PageRange(address, order);
  }

  /** Reads an address field; bits 11:0 do not count. */
  public static PageRange decode(long address, boolean sized) {
    int ones = sized ? Long.numberOfTrailingZeros(~(address >>> PAGE_ORDER)) + 1 : 0;
    return new PageRange(address, Math.min(PAGE_ORDER + ones, WHOLE));
  }

  /** Tells whether the S bit is needed. */
  public boolean isSized() {
    return order > PAGE_ORDER;
  }

  /** The address field for a range that starts at {@code base}, bits 11:0 zero. */
  public long encode(long base) {
    if (!isSized()) {
      return base & mask(PAGE_ORDER);
    }
    long size = ~mask(order) >>> 1 & mask(PAGE_ORDER);
    return base & mask(order) | size;
  }

  /** Tells whether an address lies in it. */
  public boolean contains(long address) {
    return (address & mask(order)) == start;
  }

  /** Tells whether both have an address in common. */
  public boolean overlaps(PageRange other) {
    return order >= other.order ? contains(other.start) : other.contains(start);
  }

  /** Its bytes; 0 stands for all of 2^64. */
  public long bytes() {
    return order == WHOLE ? 0 : 1L << order;
  }
}
