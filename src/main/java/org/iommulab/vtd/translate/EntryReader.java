package org.iommulab.vtd.translate;

import org.iommulab.memory.PhysicalMemory;

/**
 * Reads paging entries from memory for both walkers: the one place where an entry of either stage
 * enters the unit.
 */
final class EntryReader {

  private final TableMemory memory;
  private boolean snoops;
  private long entry;
  private int reads;

  public EntryReader(TableMemory memory) {
    this.memory = memory;
  }

  /** Says whether the reads of the coming walk look into the processor's caches. */
  public void snoop(boolean on) {
    snoops = on;
  }

  /** Reads the entry at an address; false if there is no memory. */
  public boolean read(long address) {
    long[] frame = memory.frame(address >>> 12, snoops);
    reads++;
    entry = frame == null ? 0 : frame[(int) (address >>> 3) & PhysicalMemory.FRAME_QUADWORDS - 1];
    return frame != null;
  }

  /** The entry read last; zero if there was no memory. */
  public long entry() {
    return entry;
  }

  /** Entries read since construction. */
  int reads() {
    return reads;
  }

  /** Stores an entry with more bits set; false if the memory does not take it. */
  boolean update(long address, long updated) {
    return memory.store(address, updated);
  }
}
