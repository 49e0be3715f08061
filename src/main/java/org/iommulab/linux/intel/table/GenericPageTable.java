package org.iommulab.linux.intel.table;

import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.CacheLines;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.MapResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;

/**
 * The walk of {@code drivers/iommu/generic_pt} with its formats {@code vtdss} and {@code x86_64}:
 * one pass over a range, page sizes chosen on the way, occupied entries refused.
 */
public final class GenericPageTable {

  private static final long PRESENT = TableFormat.PRESENT;
  private static final long LARGE = TableFormat.LARGE;
  private static final long ADDRESS = TableFormat.ADDRESS;
  private static final int OUTPUT_BITS = 52;
  private static final String[] TABLE_NAMES = TableFormat.TABLE_NAMES;

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final CallTrace trace;
  private final long root;
  private final int levels;
  private final int addressBits;
  private final TableFormat format;
  private final long pageSizes;
  private final boolean coherent;
  private long unmapped;
  private long mapped;

  /**
   * A table that exists, empty.
   *
   * @param root its top frame
   * @param addressBits bits of an address it tells apart; a first stage takes the highest of them
   *     as the sign of all bits above
   * @param pageSizes supported sizes as a bitmap
   * @param coherent the unit sees what is in processor caches
   */
  public GenericPageTable(
      KernelParts parts,
      long root,
      int levels,
      int addressBits,
      TableFormat format,
      long pageSizes,
      boolean coherent) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
    this.root = root;
    this.levels = levels;
    this.addressBits = addressBits;
    this.format = format;
    this.pageSizes = pageSizes;
    this.coherent = coherent;
  }

  /** What is done with empty tables that made room for a large page. */
  public interface TableCollector {
    void freed(long iova, long last, IotlbGather tables);
  }

  // ---- map --------------------------------------------------------------------------------------

  /** {@code map_range()}. */
  public MapResult map(
      long iova, long paddr, long length, long attributes, TableCollector collector) {
    if (trace.isOn()) {
      trace.enter("map_range").hex("iova", iova).hex("paddr", paddr).hex("len", length);
    }
    mapped = 0;
    Status status = parts.leave(tryMap(iova, paddr, length, attributes, collector));
    return status.failed() ? new MapResult(status, mapped) : MapResult.DONE;
  }

  private Status tryMap(
      long iova, long paddr, long length, long attributes, TableCollector collector) {
    if ((attributes & PRESENT) == 0) {
      return Status.fail(Errno.EINVAL, "neither read nor write is allowed");
    }
    if (paddr >>> OUTPUT_BITS != 0) {
      return Status.fail(Errno.ERANGE, "the physical address is wider than an entry");
    }
    if (length == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    if (Long.compareUnsigned(iova + length - 1, iova) < 0) {
      return Status.fail(Errno.EOVERFLOW, "the range wraps");
    }
    if (!holds(iova, iova + length - 1)) {
      return Status.fail(Errno.ERANGE, "an address is not one of the table's");
    }
    long done = 0;
    while (done < length) {
      int level = level(iova + done | paddr + done, length - done);
      if (level == 0) {
        return Status.fail(Errno.ENXIO, "no page size fits the alignment");
      }
      long before = mapped;
      Status status =
          mapTable(iova + done, paddr + done, length - done, level, attributes, collector);
      if (status.failed()) {
        return status;
      }
      done += mapped - before;
    }
    return Status.OK;
  }

  /**
   * {@code pt_check_range()}: a second stage begins at 0; a first stage has a lower and an upper
   * half, as its addresses are sign-extended.
   */
  public boolean holds(long first, long last) {
    if (format == TableFormat.SECOND_STAGE) {
      return last >>> addressBits == 0 && first >>> addressBits == 0;
    }
    int unused = 64 - addressBits;
    boolean canonical = first << unused >> unused == first && last << unused >> unused == last;
    return canonical && first < 0 == last < 0;
  }

  /** Level of the largest supported page that divides the address and fits; 0 for none. */
  private int level(long address, long length) {
    for (int level = 3; level >= 1; level--) {
      long size = 1L << 12 + 9 * (level - 1);
      if ((pageSizes & size) != 0 && (address & size - 1) == 0 && size <= length) {
        return level;
      }
    }
    return 0;
  }

  /** {@code __map_range_leaf()}: fills one table from an entry on. */
  private Status mapTable(
      long iova, long paddr, long length, int level, long attributes, TableCollector collector) {
    long table = root;
    for (int upper = levels; upper > level; upper--) {
      long entry = memory.readQword(slot(table, iova, upper));
      if ((entry & PRESENT) == 0) {
        entry = newTable(table, iova, upper);
        if (entry == 0) {
          return Status.fail(Errno.ENOMEM, "no page frame is left for a table");
        }
      } else if (upper <= 3 && (entry & LARGE) != 0) {
        return inUse(iova);
      }
      table = (entry & ADDRESS) >>> 12;
    }
    if (trace.isOn()) {
      trace.enter("__map_range_leaf").hex("iova", iova).hex("oa", paddr).number("level", level);
    }
    return parts.leave(fill(table, iova, paddr, length, level, attributes, collector));
  }

  private Status fill(
      long table,
      long iova,
      long paddr,
      long length,
      int level,
      long attributes,
      TableCollector collector) {
    long size = 1L << 12 + 9 * (level - 1);
    int index = index(iova, level);
    int count = (int) Math.min(512 - index, length >>> 12 + 9 * (level - 1));
    long value = paddr | attributes | (level > 1 ? LARGE : 0);
    long[] entries = memory.frameForWrite(table);
    boolean traced = trace.isOn();
    for (int i = index; entries != null && i < index + count; i++) {
      long old = entries[i];
      if (old != 0) {
        boolean emptyTable = level > 1 && (old & LARGE) == 0 && isEmpty(old);
        if (!emptyTable) {
          flushCache(table, index, i - index);
          return inUse(iova + (i - index) * size);
        }
        var tables = new IotlbGather(false);
        tables.free((old & ADDRESS) >>> 12);
        entries[i] = 0;
        flushCache(table, i, 1);
        long at = iova + (i - index) * size;
        collector.freed(at, at + size - 1, tables);
      }
      if (traced) {
        trace.wrote(TABLE_NAMES[level] + "[" + i + "]", (table << 12) + i * 8L, old, value);
      }
      entries[i] = value;
      value += size;
      mapped += size;
    }
    flushCache(table, index, count);
    return Status.OK;
  }

  private static Status inUse(long iova) {
    return Status.fail(
        Errno.EADDRINUSE, String.format(Locale.ROOT, "the table has an entry for 0x%x", iova));
  }

  private boolean isEmpty(long entry) {
    long[] entries = memory.frame((entry & ADDRESS) >>> 12);
    for (int i = 0; entries != null && i < 512; i++) {
      if (entries[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@code pt_iommu_new_table()}. */
  private long newTable(long parent, long iova, int level) {
    long fresh = parts.frames().allocate();
    if (fresh < 0) {
      return 0;
    }
    long entry = fresh << 12 | format.table() | (coherent ? 0 : format.flushed());
    long address = slot(parent, iova, level);
    if (trace.isOn()) {
      trace.effect(
          "new " + TABLE_NAMES[level - 1] + String.format(Locale.ROOT, " at 0x%x", fresh << 12));
      trace.wrote(TABLE_NAMES[level] + "[" + index(iova, level) + "]", address, 0, entry);
    }
    memory.writeQword(address, entry);
    flushCache(fresh, 0, 512);
    flushCache(parent, index(iova, level), 1);
    return entry;
  }

  // ---- unmap ------------------------------------------------------------------------------------

  /** {@code unmap_range()}: stops at a hole; returns the bytes unmapped. */
  public long unmap(long iova, long length, IotlbGather gather) {
    if (trace.isOn()) {
      trace.enter("unmap_range").hex("iova", iova).hex("len", length);
    }
    unmapped = 0;
    if (length > 0 && holds(iova, iova + length - 1)) {
      clear(root, levels, iova, iova + length - 1, gather);
    }
    if (trace.isOn()) {
      trace.leave(String.format(Locale.ROOT, "0x%x", unmapped));
    }
    return unmapped;
  }

  /** Clears a table's entries inside the range; false when the walk must stop. */
  private boolean clear(long table, int level, long iova, long last, IotlbGather gather) {
    long size = 1L << 12 + 9 * (level - 1);
    long[] entries = memory.frameForWrite(table);
    long at = iova;
    int index = index(iova, level);
    while (entries != null && index < 512 && at <= last) {
      long entry = entries[index];
      if ((entry & PRESENT) == 0) {
        return false;
      }
      long start = at & -size;
      if (level == 1 || (entry & LARGE) != 0) {
        if (at != start) {
          return false;
        }
        write(table, level, index, entries);
        unmapped += size;
      } else {
        boolean whole = at == start && last >= start + size - 1;
        if (!clear(
            (entry & ADDRESS) >>> 12, level - 1, at, Math.min(last, start + size - 1), gather)) {
          return false;
        }
        if (whole) {
          gather.free((entry & ADDRESS) >>> 12);
          write(table, level, index, entries);
        }
      }
      at = start + size;
      index++;
    }
    return true;
  }

  private void write(long table, int level, int index, long[] entries) {
    if (trace.isOn()) {
      trace.wrote(
          TABLE_NAMES[level] + "[" + index + "]", (table << 12) + index * 8L, entries[index], 0);
    }
    entries[index] = 0;
    flushCache(table, index, 1);
  }

  /** Entries of a table reach memory; only walks that do not snoop need it. */
  private void flushCache(long table, int index, int count) {
    if (!coherent && count > 0) {
      CacheLines.flush(parts, (table << 12) + index * 8L, count * 8);
    }
  }

  private static int index(long iova, int level) {
    return (int) (iova >>> 12 + 9 * (level - 1)) & 511;
  }

  private static long slot(long table, long iova, int level) {
    return (table << 12) + index(iova, level) * 8L;
  }
}
