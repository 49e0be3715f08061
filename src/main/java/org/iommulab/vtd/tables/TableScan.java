package org.iommulab.vtd.tables;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.memory.PhysicalMemory;

/**
 * Counts a tree. What lies under a table is counted once for each level it is met at and reused
 * wherever it is met again, so sharing costs nothing.
 */
final class TableScan {

  private final PageTable tree;
  private final EntryFormat format;
  private final Map<Long, Counts> known = new LinkedHashMap<>();
  private final long[] tablePages = new long[6];

  TableScan(PageTable tree, EntryFormat format) {
    this.tree = tree;
    this.format = format;
  }

  /** What lies under one table. */
  private static final class Counts {
    final long[] leaves = new long[6];
    long accessed;
    long dirty;
    long snoop;

    long bytes() {
      long bytes = 0;
      for (int level = 1; level <= 3; level++) {
        bytes += leaves[level] << EntryFormat.shift(level);
      }
      return bytes;
    }

    void add(Counts other) {
      for (int level = 1; level < leaves.length; level++) {
        leaves[level] += other.leaves[level];
      }
      accessed += other.accessed;
      dirty += other.dirty;
      snoop += other.snoop;
    }
  }

  TableStatistics statistics() {
    Counts all = count(tree.key().root(), tree.key().levels());
    return new TableStatistics(
        tablePages, all.leaves, all.accessed, all.dirty, all.snoop, all.bytes());
  }

  /** Bytes that leaves under a table of the tree cover. */
  long mappedBytes(TableNode table) {
    return count(table.address(), table.level()).bytes();
  }

  /** Every table page with the level it is met at, once each. */
  void forEachTable(TableVisitor visitor) {
    count(tree.key().root(), tree.key().levels());
    for (long table : known.keySet()) {
      long address = table & -(long) PhysicalMemory.FRAME_BYTES;
      if (tree.source().page(address) != null) {
        visitor.table(address, (int) (table - address));
      }
    }
  }

  private Counts count(long address, int level) {
    Counts before = known.get(address | level);
    if (before != null) {
      return before;
    }
    Counts counts = new Counts();
    known.put(address | level, counts);
    long[] entries = tree.source().page(address);
    if (entries == null) {
      return counts;
    }
    tablePages[level]++;
    if (level == 1) {
      countLeaves(entries, level, counts);
      return counts;
    }
    for (long entry : entries) {
      if (!format.isPresent(entry)) {
        continue;
      }
      if (format.isLeaf(level, entry)) {
        countLeaves(new long[] {entry}, level, counts);
      } else if (!format.isBroken(level, entry)) {
        counts.add(count(format.table(entry), level - 1));
      }
    }
    return counts;
  }

  /** The inner loop over millions of entries: locals only. */
  private void countLeaves(long[] entries, int level, Counts counts) {
    long present = format.present;
    int leaves = 0;
    int accessed = 0;
    int dirty = 0;
    int snoop = 0;
    for (long entry : entries) {
      if ((entry & present) != 0) {
        leaves++;
        accessed += (entry & format.accessed) != 0 ? 1 : 0;
        dirty += (entry & format.dirty) != 0 ? 1 : 0;
        snoop += (entry & format.snoop) != 0 ? 1 : 0;
      }
    }
    counts.leaves[level] += leaves;
    counts.accessed += accessed;
    counts.dirty += dirty;
    counts.snoop += snoop;
  }
}
