package org.iommulab.vtd.tables;

/**
 * Figures of one tree. Arrays are indexed by level, 1 to 5; index 0 is unused.
 *
 * @param tablePages table pages reached
 * @param leaves leaf entries
 * @param accessed leaf entries with the A bit
 * @param dirty leaf entries with the D bit
 * @param snoop leaf entries with the SNP bit
 * @param mappedBytes bytes that leaves cover
 */
public record TableStatistics(
    long[] tablePages, long[] leaves, long accessed, long dirty, long snoop, long mappedBytes) {

  /** All table pages. */
  public long allTablePages() {
    return sum(tablePages);
  }

  /** All leaf entries. */
  public long allLeaves() {
    return sum(leaves);
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
