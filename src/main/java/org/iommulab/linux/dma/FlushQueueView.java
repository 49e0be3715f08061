package org.iommulab.linux.dma;

import java.util.List;

/**
 * The flush queue of a lazy domain at one moment.
 *
 * @param single one queue for all CPUs
 * @param timeoutNs longest wait from the first entry to a flush
 * @param deadlineNs when the timer fires, -1 if it is off
 * @param flushStarted flushes of the whole domain that have begun
 * @param flushFinished flushes of the whole domain that are done
 * @param rings by CPU
 */
public record FlushQueueView(
    boolean single,
    long timeoutNs,
    long deadlineNs,
    long flushStarted,
    long flushFinished,
    List<Ring> rings) {

  /** A CPU's ring; {@code head == tail} means empty. */
  public record Ring(int cpu, int size, int head, int tail, List<Entry> entries) {
    public Ring {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A range that is unmapped and waits.
   *
   * @param iova first address
   * @param size bytes
   * @param sinceNs virtual time of the unmap
   * @param flushed the hardware has forgotten it; false: a device may still reach the old memory
   * @param tables page-table frames that wait with it
   */
  public record Entry(long iova, long size, long sinceNs, boolean flushed, int tables) {}

  public FlushQueueView {
    rings = List.copyOf(rings);
  }
}
