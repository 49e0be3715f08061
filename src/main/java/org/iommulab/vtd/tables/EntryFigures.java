package org.iommulab.vtd.tables;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.iommulab.vtd.layout.FirstStageEntry;

/**
 * What the present entries of a tree say beside addresses: which bits are set how often. Every
 * table is looked at once for each level it is met at.
 */
public final class EntryFigures {

  /** Bits that are no address: 11:0 and 63:52. */
  private static final long FLAGS = 0xFFF0_0000_0000_0FFFL;

  private static final int DEEPEST = 5;

  private final PageTable tree;
  private final EntryFormat format;
  private final Set<Long> seen = new HashSet<>();
  private final Map<Integer, Map<Long, Long>> leafFlags = new TreeMap<>();
  private final Map<Integer, Map<Long, Long>> tableFlags = new TreeMap<>();
  private long narrower;

  EntryFigures(PageTable tree) {
    this.tree = tree;
    format = EntryFormat.of(tree.key().stage());
    visit(tree.key().root(), tree.key().levels(), -1L);
  }

  private void visit(long address, int level, long above) {
    long[] entries = tree.source().page(address);
    if (entries == null || !seen.add(address | level)) {
      return;
    }
    for (long entry : entries) {
      if (!format.isPresent(entry)) {
        continue;
      }
      boolean leaf = format.isLeaf(level, entry);
      (leaf ? leafFlags : tableFlags)
          .computeIfAbsent(level, at -> new TreeMap<>())
          .merge(entry & FLAGS, 1L, Long::sum);
      if (leaf) {
        narrower += (entry & ~above & rights()) != 0 ? 1 : 0;
      } else if (!format.isBroken(level, entry)) {
        visit(format.table(entry), level - 1, above & entry);
      }
    }
  }

  private long rights() {
    return format == EntryFormat.FIRST
        ? FirstStageEntry.RW.mask() | FirstStageEntry.US.mask()
        : format.present;
  }

  /** How often each combination of bits occurs on a level. */
  public Map<Long, Long> flags(int level) {
    var all = new TreeMap<Long, Long>(leafFlags.getOrDefault(level, Map.of()));
    tableFlags.getOrDefault(level, Map.of()).forEach((bits, n) -> all.merge(bits, n, Long::sum));
    return all;
  }

  /** Entries that map pages and have one of some bits. */
  public long leavesWith(long bits) {
    return count(leafFlags, bits);
  }

  /** Entries that point to tables and have one of some bits. */
  public long tablesWith(long bits) {
    return count(tableFlags, bits);
  }

  /** Entries that point to tables. */
  public long tables() {
    return count(tableFlags, format.present);
  }

  /** Entries that point to tables and were used. */
  public long tablesAccessed() {
    return tablesWith(format.accessed);
  }

  /** Entries that map pages with a right that an entry above takes away. */
  public long narrower() {
    return narrower;
  }

  private static long count(Map<Integer, Map<Long, Long>> flags, long bits) {
    long count = 0;
    for (int level = 1; level <= DEEPEST; level++) {
      for (Map.Entry<Long, Long> entry : flags.getOrDefault(level, Map.of()).entrySet()) {
        count += (entry.getKey() & bits) != 0 ? entry.getValue() : 0;
      }
    }
    return count;
  }
}
