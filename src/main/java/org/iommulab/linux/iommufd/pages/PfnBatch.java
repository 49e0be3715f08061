package org.iommulab.linux.iommufd.pages;

import java.util.Arrays;
import java.util.Locale;

/** Page frames as runs of neighbours ({@code struct pfn_batch}). */
public final class PfnBatch {

  /** Memory the kernel gives a batch at most. */
  public static final long MOST_BYTES = 65536;

  /** What one run takes of it: a frame number and a count. */
  private static final int RUN_BYTES = 12;

  private final long capacity;

  private long[] pfns = new long[16];
  private long[] counts = new long[16];
  private int end;
  private long totalPfns;

  /**
   * @param bytes memory it may use, {@link #MOST_BYTES} at most
   */
  PfnBatch(long bytes) {
    this.capacity = Math.max(1, bytes / RUN_BYTES);
  }

  void clear() {
    end = 0;
    totalPfns = 0;
  }

  /**
   * Adds consecutive frames, joined to the last run if they follow it.
   *
   * @return false, and nothing added, if the batch is full
   */
  boolean add(long pfn, long count) {
    if (end > 0 && pfns[end - 1] + counts[end - 1] == pfn) {
      counts[end - 1] += count;
    } else if (end == capacity) {
      return false;
    } else {
      if (end == pfns.length) {
        pfns = Arrays.copyOf(pfns, end * 2);
        counts = Arrays.copyOf(counts, end * 2);
      }
      pfns[end] = pfn;
      counts[end++] = count;
    }
    totalPfns += count;
    return true;
  }

  int runs() {
    return end;
  }

  long pfn(int run) {
    return pfns[run];
  }

  long count(int run) {
    return counts[run];
  }

  long totalPfns() {
    return totalPfns;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(end, 8); i++) {
      text.append(String.format(Locale.ROOT, "{%X x %d} ", pfns[i], counts[i]));
    }
    return end > 8
        ? text.append("… ").append(end).append(" runs").toString()
        : text.toString().strip();
  }
}
