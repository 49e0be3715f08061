package org.iommulab.vtd.tables;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lists what a tree maps, merging as it goes. Tables that are met again are followed again, as the
 * hardware would, but only {@value #MAX_REVISITS} times in all: 512 entries that all point to the
 * same table, four levels deep, would otherwise never end.
 */
final class RangeWalk {

  static final int MAX_REVISITS = 1024;

  private final PageTable tree;
  private final EntryFormat format;
  private final Predicate<MappedRange> visitor;
  private final LeafVisitor leaves;
  private final long[] path = new long[6];
  private final Set<Long> met = new HashSet<>();
  private int revisits;
  private boolean stopped;
  private boolean complete = true;

  private long iova;
  private long size;
  private long physical;
  private EntryRights rights = EntryRights.ALL;
  private int pageLevel;

  RangeWalk(
      PageTable tree, EntryFormat format, Predicate<MappedRange> visitor, LeafVisitor leaves) {
    this.tree = tree;
    this.format = format;
    this.visitor = visitor;
    this.leaves = leaves;
  }

  boolean walk() {
    descend(tree.key().root(), tree.key().levels(), 0, EntryRights.ALL);
    flush();
    return complete;
  }

  private void descend(long address, int level, long start, EntryRights above) {
    long[] entries = tree.source().page(address);
    if (entries == null) {
      return;
    }
    if (!met.add(address | level) && ++revisits > MAX_REVISITS) {
      complete = false;
      return;
    }
    int shift = EntryFormat.shift(level);
    for (int i = 0; i < PageTable.ENTRIES && !stopped; i++) {
      long entry = entries[i];
      if (!format.isPresent(entry) || format.isBroken(level, entry)) {
        continue;
      }
      EntryRights allowed = format.rights(entry).and(above);
      long at = start + ((long) i << shift);
      path[level] = entry;
      if (format.isLeaf(level, entry)) {
        stopped |= !leaves.leaf(PageTable.iova(tree.key(), at), level, path);
        leaf(at, 1L << shift, format.frame(level, entry), allowed, level);
      } else {
        descend(format.table(entry), level - 1, at, allowed);
      }
    }
  }

  private void leaf(long at, long bytes, long frame, EntryRights allowed, int level) {
    if (size != 0
        && at == iova + size
        && frame == physical + size
        && level == pageLevel
        && allowed.equals(rights)) {
      size += bytes;
      return;
    }
    flush();
    iova = at;
    size = bytes;
    physical = frame;
    rights = allowed;
    pageLevel = level;
  }

  private void flush() {
    if (size != 0 && !stopped) {
      MappedRange range =
          new MappedRange(PageTable.iova(tree.key(), iova), size, physical, rights, pageLevel);
      stopped = !visitor.test(range);
    }
    size = 0;
  }
}
