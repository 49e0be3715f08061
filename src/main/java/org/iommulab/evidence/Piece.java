package org.iommulab.evidence;

import java.lang.foreign.MemorySegment;

/**
 * A run of physical memory in a dump.
 *
 * @param start physical address
 * @param size bytes of memory
 * @param bytes the part of it that the file holds; the rest is zero
 */
record Piece(long start, long size, MemorySegment bytes) {

  long end() {
    return start + size;
  }

  boolean contains(long address, long length) {
    return address >= start && address <= end() - length;
  }
}
