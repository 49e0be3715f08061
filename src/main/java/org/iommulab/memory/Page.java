package org.iommulab.memory;

/**
 * Reckoning with pages of 4 KiB: the smallest that VT-d translates, the processor's, and the frames
 * of {@link PhysicalMemory}. Addresses are unsigned.
 */
public final class Page {

  /** Bytes of a page. */
  public static final long BYTES = PhysicalMemory.FRAME_BYTES;

  /** Bits of an address that say where in its page it lies. */
  public static final int SHIFT = 12;

  private static final long INSIDE = BYTES - 1;

  private Page() {}

  /** Number of the page that an address lies in. */
  public static long number(long address) {
    return address >>> SHIFT;
  }

  /** Address of the page of a number, or the bytes of so many pages. */
  public static long address(long number) {
    return number << SHIFT;
  }

  /** Address of the page that an address lies in. */
  public static long start(long address) {
    return address & ~INSIDE;
  }

  /** Where in its page an address lies. */
  public static int offset(long address) {
    return (int) (address & INSIDE);
  }

  /** Tells whether an address is a page's, or a size is of whole pages. */
  public static boolean isWhole(long address) {
    return (address & INSIDE) == 0;
  }

  /** How many pages so many bytes fill, the last one perhaps in part. */
  public static long count(long bytes) {
    return bytes + INSIDE >>> SHIFT;
  }

  /** A size rounded up to whole pages. */
  public static long roundUp(long bytes) {
    return bytes + INSIDE & ~INSIDE;
  }

  /** Bytes of a leaf of a page table: 4 KiB at level 1, 512 times as much at each level above. */
  public static long bytesAtLevel(int level) {
    return 1L << SHIFT + 9 * (level - 1);
  }
}
