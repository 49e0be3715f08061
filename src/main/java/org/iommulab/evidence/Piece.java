package org.iommulab.evidence;

import java.lang.foreign.MemorySegment;

/**
 * A run of physical memory in a dump.
 *
 * @param start physical address
 * @param size bytes of memory
 * @param store the part of it that is there; the rest is zero
 */
record Piece(long start, long size, Store store) {

  Piece(long start, long size, MemorySegment bytes) {
    this(start, size, new Store.Mapped(bytes));
  }

  long end() {
    return start + size;
  }

  boolean contains(long address, long length) {
    return address >= start && address <= end() - length;
  }
}
