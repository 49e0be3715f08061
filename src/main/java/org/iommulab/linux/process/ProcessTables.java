package org.iommulab.linux.process;

import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.jspecify.annotations.Nullable;

/**
 * The processor's page tables of a process: four levels of the entries that VT-d's first stage
 * reads too, all pages 4 KiB.
 */
final class ProcessTables {

  private static final int LEVELS = 4;
  private static final long TABLE =
      FirstStageEntry.P.mask()
          | FirstStageEntry.RW.mask()
          | FirstStageEntry.US.mask()
          | FirstStageEntry.A.mask();
  private static final long READ_ONLY =
      FirstStageEntry.P.mask() | FirstStageEntry.US.mask() | FirstStageEntry.A.mask();
  private static final long WRITABLE =
      READ_ONLY | FirstStageEntry.RW.mask() | FirstStageEntry.D.mask();

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final long top;
  private long count = 1;

  private ProcessTables(PhysicalMemory memory, FrameAllocator frames, long top) {
    this.memory = memory;
    this.frames = frames;
    this.top = top;
  }

  /** Empty tables, or null if there is no frame for the top one. */
  static @Nullable ProcessTables make(PhysicalMemory memory, FrameAllocator frames) {
    long pfn = frames.allocate();
    return pfn < 0 ? null : new ProcessTables(memory, frames, Page.address(pfn));
  }

  /** Frames that its tables take. */
  long frames() {
    return count;
  }

  long root() {
    return top;
  }

  /** Maps consecutive pages on consecutive frames; false if no frame is left for a table. */
  boolean map(long address, long frame, long count, boolean writable) {
    for (long i = 0; i < count; i++) {
      long slot = slot(address + Page.address(i), true);
      if (slot < 0) {
        return false;
      }
      memory.writeQword(slot, frame + i << 12 | (writable ? WRITABLE : READ_ONLY));
    }
    return true;
  }

  /** Clears the entries of a range; tables stay. */
  void unmap(long address, long count) {
    clear(top, LEVELS, address, address + Page.address(count) - 1);
  }

  private void clear(long table, int level, long first, long last) {
    int end = index(last, level);
    long covered = Page.bytesAtLevel(level);
    for (int i = index(first, level); i <= end; i++) {
      long slot = table + i * 8L;
      long entry = memory.readQword(slot);
      if (level == 1) {
        memory.writeQword(slot, 0);
      } else if (FirstStageEntry.P.isSet(entry)) {
        long from = i == index(first, level) ? first : 0;
        long to = i == end ? last : covered - 1;
        clear(FirstStageEntry.TABLE.get(entry), level - 1, from, to);
      }
    }
  }

  /** Address of a page's entry; 0 if its table does not exist, -1 if it cannot be made. */
  private long slot(long address, boolean make) {
    long table = top;
    for (int level = LEVELS; level > 1; level--) {
      long slot = table + index(address, level) * 8L;
      long entry = memory.readQword(slot);
      if (!FirstStageEntry.P.isSet(entry)) {
        if (!make) {
          return 0;
        }
        long pfn = frames.allocate();
        if (pfn < 0) {
          return -1;
        }
        count++;
        entry = Page.address(pfn) | TABLE;
        memory.writeQword(slot, entry);
      }
      table = FirstStageEntry.TABLE.get(entry);
    }
    return table + index(address, 1) * 8L;
  }

  private static int index(long address, int level) {
    return (int) (address >>> 12 + 9 * (level - 1)) & 511;
  }

  /** Gives all table frames back. */
  void free() {
    free(top, LEVELS);
  }

  private void free(long table, int level) {
    for (int i = 0; level > 1 && i < 512; i++) {
      long entry = memory.readQword(table + i * 8L);
      if (FirstStageEntry.P.isSet(entry)) {
        free(FirstStageEntry.TABLE.get(entry), level - 1);
      }
    }
    frames.free(Page.number(table));
  }
}
