package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;

/**
 * Reads paging entries from memory for both walkers: the one place where an entry of either stage
 * enters the unit.
 */
final class EntryReader {

  private final PhysicalMemory memory;
  private long entry;
  private int reads;

  EntryReader(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** Reads the entry at an address; false if there is no memory. */
  boolean read(long address) {
    long[] frame = memory.frame(address >>> 12);
    reads++;
    entry = frame == null ? 0 : frame[(int) (address >>> 3) & PhysicalMemory.FRAME_QUADWORDS - 1];
    return frame != null;
  }

  /** The entry read last; zero if there was no memory. */
  long entry() {
    return entry;
  }

  /** Entries read since construction. */
  int reads() {
    return reads;
  }

  /** Stores an entry with more bits set; false if the memory does not take it. */
  boolean update(long address, long updated) {
    long[] frame = memory.frameForWrite(address >>> 12);
    if (frame == null) {
      return false;
    }
    frame[(int) (address >>> 3) & PhysicalMemory.FRAME_QUADWORDS - 1] = updated;
    return true;
  }
}
