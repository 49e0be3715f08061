package org.iommulab.linux.intel;

import java.util.BitSet;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.mm.KernelPages;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.Irte;
import org.jspecify.annotations.Nullable;

/** A unit's interrupt-remapping table of 65,536 entries in one piece ({@code struct ir_table}). */
final class RemappingTable {

  /** Entries of a table. */
  static final int ENTRIES = 1 << 16;

  /** Value of IRTA.S: 2^(S+1) entries. */
  static final int SIZE_CODE = 15;

  private static final int PAGES = ENTRIES * Irte.BYTES / 4096;

  private final KernelParts parts;
  private final IntelUnit unit;
  private final long base;
  private final BitSet taken = new BitSet();

  private RemappingTable(KernelParts parts, IntelUnit unit, long base) {
    this.parts = parts;
    this.unit = unit;
    this.base = base;
  }

  /** Takes a table from the end of low memory; null if there is no room. */
  static @Nullable RemappingTable make(KernelParts parts, IntelUnit unit) {
    PhysicalMemory memory = parts.memory();
    FrameAllocator frames = parts.frames();
    for (AddressRange range : memory.ram().reversed()) {
      long last = Page.number(Math.min(range.end(), 1L << 32));
      for (long first = (last & -PAGES) - PAGES; first << 12 >= range.start(); first -= PAGES) {
        if (frames.reserve(first, PAGES)) {
          for (int i = 0; i < PAGES; i++) {
            KernelPages.clear(memory, first + i);
          }
          unit.flushCache(Page.address(first), PAGES * 4096);
          return new RemappingTable(parts, unit, Page.address(first));
        }
      }
    }
    return null;
  }

  long base() {
    return base;
  }

  /** {@code alloc_irte()}: the lowest free block whose size is a power of two; -1 if none. */
  int allocate(int count) {
    int size = Integer.highestOneBit(Math.max(1, 2 * count - 1));
    for (int index = 0; index + size <= ENTRIES; index += size) {
      int used = taken.nextSetBit(index);
      if (used < 0 || used >= index + size) {
        taken.set(index, index + size);
        return index;
      }
    }
    return -1;
  }

  /** Entries in use. */
  int used() {
    return taken.cardinality();
  }

  /** {@code modify_irte()}: the half with the present bit comes last. */
  void modify(int index, long low, long high) {
    if (parts.trace().isOn()) {
      parts.trace().enter("modify_irte").number("index", index);
    }
    long entry = base + (long) index * Irte.BYTES;
    write("irte[" + index + "].hi", entry + 8, high);
    write("irte[" + index + "].lo", entry, low);
    unit.flushCache(entry, Irte.BYTES);
    unit.flusher().interruptEntry(index, 0);
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
  }

  /** {@code clear_entries()}. */
  void clear(int index) {
    taken.clear(index);
    modify(index, 0, 0);
  }

  private void write(String where, long address, long value) {
    PhysicalMemory memory = parts.memory();
    if (parts.trace().isOn()) {
      parts.trace().wrote(where, address, memory.readQword(address), value);
    }
    memory.writeQword(address, value);
  }
}
