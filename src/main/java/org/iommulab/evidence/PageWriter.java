package org.iommulab.evidence;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.memory.PhysicalMemory;

/** Quadwords put together to pages of physical memory. */
final class PageWriter {

  private static final long PAGE = PhysicalMemory.FRAME_BYTES;
  private static final int QUADWORDS = PhysicalMemory.FRAME_QUADWORDS;
  private static final long FIRST_FREE = 0x10_0000L;

  private final TreeMap<Long, long[]> pages = new TreeMap<>();
  private long highest = FIRST_FREE;

  /** Keeps a page from being handed out by {@link #free}. */
  void reserve(long address) {
    long page = address & -PAGE;
    if (isPossible(page) && page > highest) {
      highest = page;
    }
  }

  private static boolean isPossible(long address) {
    return address >= 0 && address < PhysicalMemory.LIMIT - (1 << 30);
  }

  /** An empty page that no text speaks of. */
  long free() {
    highest += PAGE;
    touch(highest);
    return highest;
  }

  /** The page is there, even if nothing is in it. */
  void touch(long address) {
    if (isPossible(address)) {
      page(address);
    }
  }

  private long[] page(long address) {
    reserve(address);
    return pages.computeIfAbsent(address / PAGE, page -> new long[QUADWORDS]);
  }

  /** Writes a quadword; what lies beyond any memory is left out. */
  void write(long address, long value) {
    if (isPossible(address)) {
      page(address)[(int) (address % PAGE / 8)] = value;
    }
  }

  long read(long address) {
    long[] page = isPossible(address) ? pages.get(address / PAGE) : null;
    return page == null ? 0 : page[(int) (address % PAGE / 8)];
  }

  /** Neighbouring pages as one piece. */
  List<Piece> pieces() {
    var pieces = new ArrayList<Piece>();
    var run = new ArrayList<long[]>();
    long start = 0;
    for (Map.Entry<Long, long[]> page : pages.entrySet()) {
      if (!run.isEmpty() && page.getKey() != start + run.size()) {
        pieces.add(piece(start, run));
        run.clear();
      }
      if (run.isEmpty()) {
        start = page.getKey();
      }
      run.add(page.getValue());
    }
    if (!run.isEmpty()) {
      pieces.add(piece(start, run));
    }
    return pieces;
  }

  private static Piece piece(long first, List<long[]> run) {
    byte[] bytes = new byte[Math.toIntExact(run.size() * PAGE)];
    var buffer =
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    run.forEach(buffer::put);
    return new Piece(first * PAGE, bytes.length, MemorySegment.ofArray(bytes));
  }
}
