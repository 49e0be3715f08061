package org.iommulab.vtd.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.tables.TablesFixture.LARGE;
import static org.iommulab.vtd.tables.TablesFixture.READ_WRITE;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PageTableTest {

  private final TablesFixture tables = new TablesFixture();

  @Test
  void neighboursThatContinueEachOtherAreOneRange() {
    tables
        .chain()
        .entry(0x13000, 4, 0x500000 | READ_WRITE)
        .entry(0x13000, 5, 0x501000 | READ_WRITE)
        .entry(0x13000, 6, 0x502000 | 1)
        .entry(0x13000, 8, 0x504000 | 1);
    assertThat(tables.tree().ranges())
        .containsExactly(
            new MappedRange(0x4000, 0x2000, 0x500000, EntryRights.ALL, 1),
            new MappedRange(0x6000, 0x1000, 0x502000, EntryRights.of(true, false), 1),
            new MappedRange(0x8000, 0x1000, 0x504000, EntryRights.of(true, false), 1));
  }

  @Test
  void rangesOfDifferentPageSizesStayApart() {
    tables
        .chain()
        .entry(0x12000, 1, 0x800000 | LARGE | READ_WRITE)
        .entry(0x11000, 1, 0x4000_0000L | LARGE | READ_WRITE);
    tables.entry(0x13000, 511, 0x7FF000 | READ_WRITE);
    assertThat(tables.tree().ranges())
        .extracting(MappedRange::pageName)
        .containsExactly("4K", "2M", "1G");
  }

  @Test
  void effectiveRightsAreWhatEveryLevelAllows() {
    tables.chain().entry(0x11000, 0, 0x12000 | 1).entry(0x13000, 0, 0x500000 | READ_WRITE);
    TableRow leaf = tables.tree().path(0).getLast();
    assertThat(leaf.own()).isEqualTo(EntryRights.ALL);
    assertThat(leaf.effective()).hasToString("r-");
  }

  @Test
  void rowsShowPresentEntriesOnlyAndCountTheOthers() {
    tables
        .chain()
        .entry(0x13000, 0, 0x500000 | READ_WRITE)
        .entry(0x13000, 1, 0x501000 | READ_WRITE)
        .entry(0x13000, 9, 0x600000 | READ_WRITE);
    PageTable tree = tables.tree();
    TableNode lowest = tree.path(0).get(2).child();
    assertThat(tree.rows(lowest)).extracting(TableRow::count).containsExactly(2, 1);
    assertThat(tree.absentEntries(lowest)).isEqualTo(509);
  }

  @Test
  void pathEndsAtTheFirstEntryThatIsNotPresent() {
    tables.chain();
    assertThat(tables.tree().path(0x20_0000))
        .extracting(TableRow::kind)
        .containsExactly(TableRow.Kind.TABLE, TableRow.Kind.TABLE, TableRow.Kind.ABSENT);
  }

  @Test
  void tableThatPointsToItselfEndsTheWalkAtTheLowestLevel() {
    tables.entry(0x10000, 0, 0x10000 | READ_WRITE);
    PageTable tree = tables.tree();
    assertThat(tree.path(0)).hasSize(4);
    assertThat(tree.ranges())
        .containsExactly(new MappedRange(0, 0x1000, 0x10000, EntryRights.ALL, 1));
  }

  @Test
  void tableFullOfPointersToItselfIsCountedAtOnceAndListedInPart() {
    for (int i = 0; i < 512; i++) {
      tables.entry(0x10000, i, 0x10000 | READ_WRITE);
    }
    PageTable tree = tables.tree();
    assertThat(tree.statistics().allLeaves()).isEqualTo(1L << 36);
    assertThat(tree.forEachRange(range -> true)).isFalse();
  }

  @Test
  void pointerOutsideMemoryIsAMissingTable() {
    tables.entry(0x10000, 0, 0x7_0000_0000L | READ_WRITE).entry(0x10000, 1, -1L & ~LARGE);
    PageTable tree = tables.tree();
    assertThat(tree.rows(tree.root()))
        .extracting(TableRow::kind)
        .containsOnly(TableRow.Kind.MISSING_TABLE);
    assertThat(tree.ranges()).isEmpty();
  }

  @Test
  void pageSizeBitAboveLevelThreeMapsNothing() {
    tables.entry(0x10000, 0, 0x11000 | LARGE | READ_WRITE);
    PageTable tree = tables.tree();
    assertThat(tree.rows(tree.root()).getFirst().kind()).isEqualTo(TableRow.Kind.BROKEN);
    assertThat(tree.ranges()).isEmpty();
  }

  @Test
  void listingStopsWhenTheVisitorHasEnough() {
    tables.chain();
    for (int i = 0; i < 512; i += 2) {
      tables.entry(0x13000, i, 0x500000 | READ_WRITE);
    }
    var seen = new ArrayList<MappedRange>();
    tables
        .tree()
        .forEachRange(
            range -> {
              seen.add(range);
              return seen.size() < 3;
            });
    assertThat(seen).hasSize(3);
  }

  @Test
  void upperHalfOfAFirstStageTreeHasCanonicalAddresses() {
    tables
        .chain()
        .entry(0x10000, 256, 0x11000 | 7)
        .entry(0x10000, 0, 0)
        .entry(0x13000, 0, 0x500000 | 7);
    PageTable tree = tables.browser().table(new TableKey(TableKey.Stage.FIRST, 0x10000, 4));
    assertThat(tree.ranges()).extracting(MappedRange::iova).containsExactly(-1L << 47);
    assertThat(tree.reaches(-1L << 47)).isTrue();
    assertThat(tree.reaches(1L << 47)).isFalse();
  }

  @Test
  void nestedTablesAreReadThroughTheSecondStage() {
    // Guest page 0x20000 + n lies at host 0x10000 + n.
    tables.chain().entry(0x13000, 0, 0x500000 | READ_WRITE);
    tables
        .entry(0x30000, 0, 0x31000 | READ_WRITE)
        .entry(0x31000, 0, 0x32000 | READ_WRITE)
        .entry(0x32000, 0, 0x33000 | READ_WRITE);
    for (int page = 0; page < 4; page++) {
      tables.entry(0x33000, 0x20 + page, 0x10000 + page * 0x1000 | READ_WRITE);
      tables.entry(0x10000 + page * 0x1000, 0, 0x21000 + page * 0x1000 | 7);
    }
    PageTable nested =
        tables
            .browser()
            .nestedTable(
                new TableKey(TableKey.Stage.FIRST, 0x20000, 4),
                new TableKey(TableKey.Stage.SECOND, 0x30000, 4));
    assertThat(nested.ranges())
        .containsExactly(new MappedRange(0, 0x1000, 0x24000, EntryRights.ALL, 1));
  }
}
