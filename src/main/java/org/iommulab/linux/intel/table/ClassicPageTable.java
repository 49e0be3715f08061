package org.iommulab.linux.intel.table;

import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.CacheLines;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;

/**
 * The driver's own page-table walker, as it was up to Linux 6.18: {@code __domain_mapping()},
 * {@code pfn_to_dma_pte()}, {@code dma_pte_clear_level()}.
 *
 * <h2>Speed</h2>
 *
 * Leaves are written straight into a table's frame, one table at a time; nothing is allocated but
 * tables, and nothing is recorded while the trace is off.
 */
public final class ClassicPageTable {

  private static final long PRESENT = TableFormat.PRESENT;
  private static final long LARGE = TableFormat.LARGE;
  private static final long ADDRESS = TableFormat.ADDRESS;
  private static final long BLOCKED = -2;
  private static final String[] TABLE_NAMES = TableFormat.TABLE_NAMES;

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final CallTrace trace;
  private final long root;
  private final int levels;
  private final int superpageLevels;
  private final TableFormat format;
  private final boolean coherent;

  /**
   * @param root frame of the top table
   * @param levels 3, 4 or 5
   * @param superpageLevels 0 for 4K only, 1 with 2M, 2 with 1G
   * @param format kind of entries
   * @param coherent written lines need no cache flush
   */
  public ClassicPageTable(
      KernelParts parts,
      long root,
      int levels,
      int superpageLevels,
      TableFormat format,
      boolean coherent) {
    this.parts = parts;
    this.memory = parts.memory();
    this.frames = parts.frames();
    this.trace = parts.trace();
    this.root = root;
    this.levels = levels;
    this.superpageLevels = superpageLevels;
    this.format = format;
    this.coherent = coherent;
  }

  public long root() {
    return root;
  }

  public int levels() {
    return levels;
  }

  // ---- map --------------------------------------------------------------------------------------

  /** What {@link #map} asks when a superpage replaces lower tables. */
  public interface SuperpageSwitch {
    void replaces(long startPfn, long endPfn, IotlbGather freed);
  }

  /**
   * {@code __domain_mapping()}: maps {@code pages} pages of 4 KiB, as superpages where they fit.
   *
   * @param attributes bits for every leaf
   * @param large larger pages may be used
   */
  public Status map(
      long iovPfn,
      long physPfn,
      long pages,
      long attributes,
      boolean large,
      SuperpageSwitch superpages) {
    boolean traced = trace.isOn();
    long value = physPfn << 12 | attributes;
    long left = pages;
    while (left > 0) {
      int level = large ? largepageLevel(iovPfn, physPfn, left) : 1;
      long table = tableFor(iovPfn, level);
      if (table == BLOCKED) {
        return Status.fail(Errno.EINVAL, "a larger page is mapped there");
      }
      long[] entries = table < 0 ? null : memory.frameForWrite(table);
      if (entries == null) {
        return Status.fail(Errno.ENOMEM, "no page frame is left for a table");
      }
      int index = index(iovPfn, level);
      long unit = 1L << 9 * (level - 1);
      int count = (int) Math.min(512 - index, left >>> 9 * (level - 1));
      if (level > 1) {
        value |= LARGE;
        switchToSuperPage(iovPfn, count * unit, level, superpages);
      } else {
        value &= ~LARGE;
      }
      if (traced) {
        traceLeaves(table, level, index, count, value, unit << 12);
      }
      value = writeLeaves(entries, index, count, value, unit << 12, iovPfn, unit);
      flushCache((table << 12) + index * 8L, count * 8);
      left -= count * unit;
      iovPfn += count * unit;
      physPfn += count * unit;
    }
    return Status.OK;
  }

  private long writeLeaves(
      long[] entries, int index, int count, long value, long step, long iovPfn, long unit) {
    for (int i = index; i < index + count; i++) {
      if (entries[i] == 0) {
        entries[i] = value;
      } else {
        alreadySet(iovPfn + (i - index) * unit, entries[i], value);
      }
      value += step;
    }
    return value;
  }

  /** An occupied entry keeps its value; no error is returned, only this line. */
  private void alreadySet(long iovPfn, long old, long value) {
    parts
        .log()
        .print(
            String.format(
                Locale.ROOT,
                "DMAR: ERROR: DMA PTE for vPFN 0x%x already set (to %x not %x)",
                iovPfn,
                old,
                value));
  }

  private void traceLeaves(long table, int level, int index, int count, long value, long step) {
    for (int i = 0; i < count; i++) {
      long address = (table << 12) + (index + i) * 8L;
      long old = memory.readQword(address);
      trace.wrote(name(level, index + i), address, old, old == 0 ? value + i * step : old);
    }
  }

  private static String name(int level, int index) {
    return TABLE_NAMES[level] + "[" + index + "]";
  }

  /** {@code hardware_largepage_caps()}: the level on which this range can be mapped. */
  private int largepageLevel(long iovPfn, long physPfn, long pages) {
    int level = 1;
    long merged = iovPfn | physPfn;
    int support = superpageLevels;
    while (support > 0 && (merged & 511) == 0) {
      pages >>>= 9;
      if (pages == 0) {
        break;
      }
      merged >>>= 9;
      level++;
      support--;
    }
    return level;
  }

  /**
   * {@code pfn_to_dma_pte()}: the table of that level, made if need be; -1 without memory, BLOCKED
   * by a page.
   */
  private long tableFor(long pfn, int target) {
    long table = root;
    for (int level = levels; level > target; level--) {
      int index = index(pfn, level);
      long[] entries = memory.frame(table);
      long entry = entries == null ? 0 : entries[index];
      if ((entry & PRESENT) == 0) {
        entry = newTable(table, level, index);
        if (entry == 0) {
          return -1;
        }
      } else if ((entry & LARGE) != 0 && level <= 3) {
        return BLOCKED;
      }
      table = (entry & ADDRESS) >>> 12;
    }
    return table;
  }

  private long newTable(long parent, int level, int index) {
    long fresh = frames.allocate();
    if (fresh < 0) {
      return 0;
    }
    long entry = fresh << 12 | format.table();
    long[] entries = memory.frameForWrite(parent);
    if (entries == null) {
      return 0;
    }
    if (trace.isOn()) {
      trace.effect(
          "new " + TABLE_NAMES[level - 1] + String.format(Locale.ROOT, " at 0x%x", fresh << 12));
      trace.wrote(name(level, index), (parent << 12) + index * 8L, entries[index], entry);
    }
    entries[index] = entry;
    flushCache(fresh << 12, 4096);
    flushCache((parent << 12) + index * 8L, 8);
    return entry;
  }

  /** {@code switch_to_super_page()}: lower tables in the way of superpages are taken out. */
  private void switchToSuperPage(long iovPfn, long pages, int level, SuperpageSwitch superpages) {
    for (long pfn = iovPfn; pfn < iovPfn + pages; pfn += 1L << 9 * (level - 1)) {
      long address = entryAddress(pfn, level);
      long entry = memory.readQword(address);
      if ((entry & PRESENT) != 0 && (entry & LARGE) == 0) {
        var freed = new IotlbGather(false);
        collectTables(entry, level - 1, freed);
        writeEntry(level, index(pfn, level), address, 0);
        superpages.replaces(pfn, iovPfn + pages - 1, freed);
      }
    }
  }

  /** Address of the entry of that level for a page whose tables exist. */
  private long entryAddress(long pfn, int target) {
    long table = root;
    for (int level = levels; level > target; level--) {
      table = (memory.readQword((table << 12) + index(pfn, level) * 8L) & ADDRESS) >>> 12;
    }
    return (table << 12) + index(pfn, target) * 8L;
  }

  // ---- unmap ------------------------------------------------------------------------------------

  /** Level of the leaf, or of the hole, at a page. */
  public int leafLevel(long pfn) {
    long table = root;
    for (int level = levels; level > 1; level--) {
      long entry = memory.readQword((table << 12) + index(pfn, level) * 8L);
      if ((entry & PRESENT) == 0 || (entry & LARGE) != 0) {
        return level;
      }
      table = (entry & ADDRESS) >>> 12;
    }
    return 1;
  }

  /** {@code domain_unmap()}: clears leaves; tables fully inside the range join the free list. */
  public void unmap(long startPfn, long lastPfn, IotlbGather gather) {
    if (trace.isOn()) {
      trace.enter("domain_unmap").hex("start_pfn", startPfn).hex("last_pfn", lastPfn);
    }
    int before = gather.freeCount();
    clearLevel(levels, root, 0, startPfn, lastPfn, gather);
    if (trace.isOn()) {
      int tables = gather.freeCount() - before;
      if (tables > 0) {
        trace.effect(tables + (tables == 1 ? " table" : " tables") + " on the free list");
      }
      trace.leave();
    }
  }

  /** {@code dma_pte_clear_level()}. */
  private void clearLevel(
      int level, long table, long tablePfn, long startPfn, long lastPfn, IotlbGather gather) {
    long unit = 1L << 9 * (level - 1);
    long pfn = Math.max(startPfn, tablePfn);
    long end = Math.min(lastPfn, tablePfn + 512 * unit - 1);
    long[] entries = memory.frameForWrite(table);
    boolean traced = trace.isOn();
    if (traced && level < levels) {
      trace
          .enter("dma_pte_clear_level")
          .number("level", level)
          .hex("start_pfn", startPfn)
          .hex("last_pfn", lastPfn);
    }
    int first = -1;
    int last = -1;
    while (entries != null && pfn <= end) {
      int index = index(pfn, level);
      long entry = entries[index];
      long levelPfn = pfn & -unit;
      if ((entry & PRESENT) != 0) {
        boolean leaf = level == 1 || (entry & LARGE) != 0;
        if (startPfn <= levelPfn && lastPfn >= levelPfn + unit - 1) {
          if (!leaf) {
            collectTables(entry, level - 1, gather);
          }
          if (traced) {
            trace.wrote(name(level, index), (table << 12) + index * 8L, entry, 0);
          }
          entries[index] = 0;
          first = first < 0 ? index : first;
          last = index;
        } else if (!leaf) {
          clearLevel(level - 1, (entry & ADDRESS) >>> 12, levelPfn, startPfn, lastPfn, gather);
        }
      }
      pfn = levelPfn + unit;
    }
    if (first >= 0) {
      flushCache((table << 12) + first * 8L, (last - first + 1) * 8);
    }
    if (traced && level < levels) {
      trace.leave();
    }
  }

  /** {@code dma_pte_list_pagetables()}: a detached table and all below it, leaves untouched. */
  private void collectTables(long entry, int level, IotlbGather gather) {
    long table = (entry & ADDRESS) >>> 12;
    gather.free(table);
    if (level == 1) {
      return;
    }
    long[] entries = memory.frame(table);
    for (int i = 0; entries != null && i < 512; i++) {
      if ((entries[i] & PRESENT) != 0 && (entries[i] & LARGE) == 0) {
        collectTables(entries[i], level - 1, gather);
      }
    }
  }

  /** Frees every table, the root included. */
  public void free() {
    var all = new IotlbGather(false);
    clearLevel(levels, root, 0, 0, (1L << 9 * levels) - 1, all);
    all.free(root);
    for (int i = 0; i < all.freeCount(); i++) {
      frames.free(all.freeAt(i));
    }
  }

  // ---- look -------------------------------------------------------------------------------------

  /** Physical address behind an IOVA, -1 if unmapped. */
  public long lookup(long iova) {
    long pfn = iova >>> 12;
    long table = root;
    for (int level = levels; ; level--) {
      long[] entries = memory.frame(table);
      long entry = entries == null ? 0 : entries[index(pfn, level)];
      if ((entry & PRESENT) == 0) {
        return -1;
      }
      if (level == 1 || (entry & LARGE) != 0) {
        long mask = (1L << 12 + 9 * (level - 1)) - 1;
        return entry & ADDRESS & ~mask | iova & mask;
      }
      table = (entry & ADDRESS) >>> 12;
    }
  }

  /**
   * Reports leaves that hardware has marked dirty.
   *
   * @param clear makes them clean again
   * @param stopsAtHole ends at the first unmapped page instead of skipping it
   */
  public void scanDirty(
      long iova, long last, boolean clear, boolean stopsAtHole, PagingDomain.DirtySink sink) {
    long bit = format.dirty();
    for (long pfn = iova >>> 12; pfn <= last >>> 12; ) {
      int level = leafLevel(pfn);
      long pages = 1L << 9 * (level - 1);
      long first = pfn & -pages;
      long address = entryAddress(pfn, level);
      long entry = memory.readQword(address);
      if ((entry & PRESENT) == 0 && stopsAtHole) {
        return;
      }
      if ((entry & PRESENT) != 0 && (entry & bit) != 0) {
        sink.dirty(Math.max(iova, first << 12), reach(first, pages, iova, last));
        if (clear) {
          writeEntry(level, index(pfn, level), address, entry & ~bit);
          flushCache(address, 8);
        }
      }
      pfn = first + pages;
    }
  }

  /** Bytes of a leaf that lie inside the range asked for. */
  private static long reach(long firstPfn, long pages, long iova, long last) {
    long from = Math.max(iova, firstPfn << 12);
    long to = Math.min(last, ((firstPfn + pages) << 12) - 1);
    return to - from + 1;
  }

  private void writeEntry(int level, int index, long address, long value) {
    if (trace.isOn()) {
      trace.wrote(name(level, index), address, memory.readQword(address), value);
    }
    memory.writeQword(address, value);
  }

  private static int index(long pfn, int level) {
    return (int) (pfn >>> 9 * (level - 1)) & 511;
  }

  /** {@code domain_flush_cache()}: only walks that do not snoop need it. */
  private void flushCache(long address, int bytes) {
    if (!coherent) {
      CacheLines.flush(parts, address, bytes);
    }
  }
}
