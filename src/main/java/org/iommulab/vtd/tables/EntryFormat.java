package org.iommulab.vtd.tables;

import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.SecondStageEntry;

/** How the two kinds of paging entries are read; masks come from the declared layouts. */
enum EntryFormat {
  SECOND(
      SecondStageEntry.R.mask() | SecondStageEntry.W.mask(),
      SecondStageEntry.A.mask(),
      SecondStageEntry.D.mask(),
      SecondStageEntry.SNP.mask()) {
    @Override
    EntryRights rights(long entry) {
      return EntryRights.of(SecondStageEntry.R.isSet(entry), SecondStageEntry.W.isSet(entry));
    }

    @Override
    Layout layout(int level, long entry) {
      return SecondStageEntry.of(level, entry);
    }
  },
  FIRST(FirstStageEntry.P.mask(), FirstStageEntry.A.mask(), FirstStageEntry.D.mask(), 0) {
    @Override
    EntryRights rights(long entry) {
      return EntryRights.of(FirstStageEntry.P.isSet(entry), FirstStageEntry.RW.isSet(entry));
    }

    @Override
    Layout layout(int level, long entry) {
      return FirstStageEntry.of(level, entry);
    }
  };

  private static final long PAGE_SIZE = SecondStageEntry.PS.mask();
  private static final long TABLE = SecondStageEntry.TABLE.mask();

  final long present;
  final long accessed;
  final long dirty;
  final long snoop;

  EntryFormat(long present, long accessed, long dirty, long snoop) {
    this.present = present;
    this.accessed = accessed;
    this.dirty = dirty;
    this.snoop = snoop;
  }

  static EntryFormat of(TableKey.Stage stage) {
    return stage == TableKey.Stage.SECOND ? SECOND : FIRST;
  }

  abstract EntryRights rights(long entry);

  abstract Layout layout(int level, long entry);

  boolean isPresent(long entry) {
    return (entry & present) != 0;
  }

  /** The entry maps a page; above level 3 the page-size bit is an error instead. */
  boolean isLeaf(int level, long entry) {
    return level == 1 || level <= 3 && (entry & PAGE_SIZE) != 0;
  }

  boolean isBroken(int level, long entry) {
    return level > 3 && (entry & PAGE_SIZE) != 0;
  }

  long pageSizeBit() {
    return PAGE_SIZE;
  }

  long table(long entry) {
    return entry & TABLE;
  }

  /** First address of the page a leaf maps. */
  long frame(int level, long entry) {
    return entry & TABLE & -(1L << shift(level));
  }

  static int shift(int level) {
    return 12 + 9 * (level - 1);
  }
}
