package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;

/** All the memory a dump holds, in the order of the file. */
record MemoryPieces(List<Piece> pieces) {

  private static final long PAGE = PhysicalMemory.FRAME_BYTES;
  private static final long PCI_HOLE = 0xC000_0000L;
  private static final long LOW_HOLES = 1 << 20;

  static void checkRange(String name, long start, long size) throws Unreadable {
    if (start < 0 || size <= 0 || start > PhysicalMemory.LIMIT - size) {
      throw new Unreadable(
          "It is not possible that %s begins at physical 0x%x and has 0x%x bytes: the header is"
              + " damaged, or gives no physical addresses.",
          name, start, size);
    }
    if (start % PAGE != 0) {
      throw new Unreadable(
          "It is not possible to use %s: physical 0x%x is not the start of a page.", name, start);
    }
  }

  /** The same without the page at an address. */
  MemoryPieces without(long address) {
    var rest = new ArrayList<Piece>();
    for (Piece piece : pieces) {
      if (!piece.contains(address, PAGE)) {
        rest.add(piece);
        continue;
      }
      long before = address - piece.start();
      add(rest, piece, 0, before);
      add(rest, piece, before + PAGE, piece.size());
    }
    return new MemoryPieces(rest);
  }

  private static void add(List<Piece> rest, Piece piece, long from, long to) {
    if (from < to) {
      long held = piece.store().held();
      long start = Math.min(from, held);
      Store store = piece.store().slice(start, Math.min(to, held));
      rest.add(new Piece(piece.start() + from, to - from, store));
    }
  }

  /** The piece that holds the page at an address. */
  Optional<Piece> at(long address) {
    return pieces.stream().filter(piece -> piece.contains(address, PAGE)).findFirst();
  }

  /** Whole frames, ascending, touching ones joined. */
  List<AddressRange> ranges() {
    var sorted = new ArrayList<>(pieces);
    sorted.sort(Comparator.comparingLong(Piece::start));
    var ranges = new ArrayList<AddressRange>();
    for (Piece piece : sorted) {
      long end = Math.ceilDiv(piece.end(), PAGE) * PAGE;
      AddressRange last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && last.end() >= piece.start()) {
        ranges.set(ranges.size() - 1, new AddressRange(last.start(), Math.max(last.end(), end)));
      } else {
        ranges.add(new AddressRange(piece.start(), end));
      }
    }
    return ranges;
  }

  boolean overlap() {
    long bytes = 0;
    for (AddressRange range : ranges()) {
      bytes += range.size();
    }
    for (Piece piece : pieces) {
      bytes -= Math.ceilDiv(piece.size(), PAGE) * PAGE;
    }
    return bytes < 0;
  }

  /** Memory that is there where the dump has pages, and nothing elsewhere. */
  PhysicalMemory memory() {
    return memory(ranges());
  }

  /** Memory of the given shape with the dump underneath. */
  PhysicalMemory memory(List<AddressRange> ram) {
    PhysicalMemory memory = PhysicalMemory.of(ram);
    for (Piece piece : pieces) {
      piece.store().under(memory, piece.start());
    }
    return memory;
  }

  /** How many bytes the dump really holds. */
  long bytes() {
    return pieces.stream().mapToLong(piece -> piece.store().held()).sum();
  }

  /**
   * Size of the RAM from address 0, if the dump holds all of it: only the hole of the video memory
   * may be missing. What lies behind the PCI hole is not counted.
   */
  Optional<Long> ramBytes() {
    long end = 0;
    long held = 0;
    for (AddressRange range : ranges()) {
      if (range.start() < PCI_HOLE) {
        end = range.end();
        held += range.size();
      }
    }
    return end > LOW_HOLES && held >= end - LOW_HOLES ? Optional.of(end) : Optional.empty();
  }
}
