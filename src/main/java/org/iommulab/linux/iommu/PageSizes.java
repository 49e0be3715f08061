package org.iommulab.linux.iommu;

/**
 * Which page size to use next, and how often ({@code iommu_pgsize()}): the largest that divides
 * both addresses and fits, up to the point where an even larger one could start.
 */
public final class PageSizes {

  private PageSizes() {}

  /** The largest usable size of the bitmap {@code sizes}. */
  public static long choose(long sizes, long iova, long paddr, long size) {
    long usable = sizes & atMost(size);
    long merged = iova | paddr;
    if (merged != 0) {
      usable &= atMost(Long.lowestOneBit(merged));
    }
    return Long.highestOneBit(usable);
  }

  /** All bits up to the highest one of {@code limit}. */
  private static long atMost(long limit) {
    return (Long.highestOneBit(limit) << 1) - 1;
  }

  /** How many pages of {@code pgsize} to map before choosing again. */
  public static long count(long sizes, long pgsize, long iova, long paddr, long size) {
    int shift = Long.numberOfTrailingZeros(pgsize);
    long larger = sizes & -(pgsize << 1);
    if (larger == 0) {
      return size >>> shift;
    }
    long next = Long.lowestOneBit(larger);
    if (((iova ^ paddr) & (next - 1)) != 0) {
      return size >>> shift;
    }
    // Stop where the larger page can begin, if it fits behind that point.
    long offset = next - (iova & (next - 1));
    boolean fits = offset + next > 0 && Long.compareUnsigned(offset + next, size) <= 0;
    return (fits ? offset : size) >>> shift;
  }

  /** A size as people write it: {@code 4K}, {@code 2M}, {@code 1G}. */
  public static String text(long bytes) {
    if (bytes >= 1L << 30 && (bytes & (1L << 30) - 1) == 0) {
      return (bytes >>> 30) + "G";
    }
    if (bytes >= 1L << 20 && (bytes & (1L << 20) - 1) == 0) {
      return (bytes >>> 20) + "M";
    }
    return bytes >= 1024 ? (bytes >>> 10) + "K" : Long.toString(bytes);
  }
}
