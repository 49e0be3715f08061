package org.iommulab.vtd.tables;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Looks through one tree, every table once for each level it is met at. */
final class TreeCheck {

  private static final int PAGE_SIZES = 4;

  private final PageTable tree;
  private final EntryFormat format;
  private final Map<Long, TableKey> owners;
  private final List<Finding> findings;
  private final long[] reservedInTable = new long[6];
  private final long[] reservedInLeaf = new long[6];
  private final Map<Long, Integer> levels = new HashMap<>();
  private final Tally reserved = new Tally();
  private final Tally missing = new Tally();
  private final Tally shared = new Tally();
  private final Tally looped = new Tally();
  private final Tally borrowed = new Tally();

  TreeCheck(
      PageTable tree, Set<String> features, Map<Long, TableKey> owners, List<Finding> findings) {
    this.tree = tree;
    this.format = EntryFormat.of(tree.key().stage());
    this.owners = owners;
    this.findings = findings;
    for (int level = 1; level < reservedInTable.length; level++) {
      reservedInTable[level] = format.layout(level, 0).reservedMask(0, features);
      boolean large = level > 1 && level < PAGE_SIZES;
      long sample = large ? format.pageSizeBit() : 0;
      reservedInLeaf[level] = format.layout(level, sample).reservedMask(0, features);
    }
  }

  /** How often something was seen, and where first. */
  private static final class Tally {
    int count;
    long first;

    void add(long address) {
      if (count++ == 0) {
        first = address;
      }
    }
  }

  void run() {
    visit(tree.key().root(), tree.key().levels(), tree.key().root());
    report(
        reserved,
        Finding.Kind.RESERVED_BITS,
        "%s: %d entries have reserved bits set, the first one at 0x%x.");
    report(
        missing,
        Finding.Kind.OUTSIDE_MEMORY,
        "%s: %d tables are not in memory; the first pointer to one is at 0x%x.");
    report(
        looped,
        Finding.Kind.SELF_REFERENCE,
        "%s: %d entries point back to a table that is used at another level, the first one is at"
            + " 0x%x.");
    report(
        shared,
        Finding.Kind.SHARED_TABLE,
        "%s: %d entries point to a table that another entry uses too, the first one is at 0x%x.");
    report(
        borrowed,
        Finding.Kind.SHARED_TABLE,
        "%s: %d tables belong to another tree too, the first one at 0x%x.");
  }

  private void report(Tally tally, Finding.Kind kind, String text) {
    if (tally.count > 0) {
      String sentence = String.format(Locale.ROOT, text, tree.key(), tally.count, tally.first);
      findings.add(new Finding(kind, tally.first, sentence));
    }
  }

  private void visit(long address, int level, long pointer) {
    long[] entries = tree.source().page(address);
    if (entries == null) {
      missing.add(pointer);
      return;
    }
    int seen = levels.getOrDefault(address, 0);
    if (seen != 0) {
      ((seen & 1 << level) != 0 ? shared : looped).add(pointer);
      if ((seen & 1 << level) != 0) {
        return;
      }
    }
    levels.put(address, seen | 1 << level);
    TableKey owner = owners.putIfAbsent(address, tree.key());
    if (owner != null && !owner.equals(tree.key())) {
      borrowed.add(address);
    }
    for (int i = 0; i < entries.length; i++) {
      long entry = entries[i];
      if (!format.isPresent(entry)) {
        continue;
      }
      boolean leaf = format.isLeaf(level, entry);
      if ((entry & (leaf ? reservedInLeaf : reservedInTable)[level]) != 0) {
        reserved.add(address + 8L * i);
      }
      if (!leaf && !format.isBroken(level, entry)) {
        visit(format.table(entry), level - 1, address + 8L * i);
      }
    }
  }
}
