package org.iommulab.ui.view.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.Subjects;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeQueryTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private TreePicture ask(TreeRequest request) {
    return lab.ask(view -> TreeQuery.answer(request, view.tables(), view.lastChanges()));
  }

  private TreeRequest request(TreeRequest.Reveal reveal) {
    return new TreeRequest(Subjects.of(lab), Map.of(), reveal);
  }

  private TreeRequest plain() {
    return new TreeRequest(Subjects.of(lab), Map.of(), null);
  }

  /** Depth as points, then the entry, or how many entries are absent. */
  private static List<String> drawn(TreePicture picture) {
    return picture.rows().stream()
        .map(
            row ->
                ".".repeat(row.depth())
                    + (row.entry() == null ? row.absent() : TreeFigures.title(row)))
        .toList();
  }

  @Test
  void smallTreeIsShownOpen() {
    TreePicture picture = ask(plain());
    assertThat(drawn(picture))
        .containsExactly(
            "PML4 [000]",
            ".PDPT [004]",
            "..PD [001]",
            "...PT [1FF]",
            "...511",
            "..PD [002]",
            "..PD [003]",
            "...PT [000]",
            "...511",
            "..509",
            ".511",
            "511");
    assertThat(picture.pages()).isEqualTo(514);
    assertThat(picture.ranges()).isEqualTo(3);
    assertThat(picture.tables()).isEqualTo(5);
  }

  @Test
  void rowsAreNamedByTheAddressOfTheirEntry() {
    assertThat(ask(plain()).rows())
        .filteredOn(row -> row.covers(WorkedExample.LARGE_LEAF))
        .extracting(TreeRow::id)
        .containsExactly("10a002010");
  }

  @Test
  void cellsSayWhatTheEntryHolds() {
    TreeRow leaf =
        ask(plain()).rows().stream()
            .filter(row -> row.covers(WorkedExample.LARGE_LEAF))
            .findFirst()
            .orElseThrow();
    var stage = org.iommulab.vtd.tables.TableKey.Stage.SECOND;
    assertThat(TreeFigures.iova(leaf).text().literal()).isEqualTo("1_0040_0000");
    assertThat(TreeFigures.size(leaf).text().literal()).isEqualTo("2 MiB");
    assertThat(TreeFigures.flags(leaf, stage).text().literal()).isEqualTo("R W SNP PS");
    assertThat(TreeFigures.raw(leaf).text().literal()).isEqualTo("180000883");
  }

  @Test
  void clearedEntryIsCountedWhereItIsMissing() {
    lab.run(WorkedExample.clearLargeLeaf());
    TreePicture picture = ask(plain());
    assertThat(picture.changes()).isEqualTo(1);
    assertThat(picture.rows())
        .filteredOn(row -> row.changes() > 0)
        .extracting(TreeRow::absent)
        .containsExactly(510);
  }

  @Test
  void closedBranchHidesWhatIsBelow() {
    TreePicture picture = ask(new TreeRequest(Subjects.of(lab), Map.of("0-4", false), null));
    assertThat(drawn(picture)).containsExactly("PML4 [000]", ".PDPT [004]", ".511", "511");
  }

  @Test
  void revealOpensTheWayToAnAddress() {
    var closed = Map.of("0", false);
    TreePicture picture =
        ask(
            new TreeRequest(
                Subjects.of(lab), closed, new TreeRequest.InputAddress(0x1_004A_BCDEL)));
    assertThat(picture.revealed()).isEqualTo(WorkedExample.LARGE_LEAF);
    assertThat(picture.rows()).anyMatch(row -> row.covers(WorkedExample.LARGE_LEAF));
  }

  @Test
  void addressThatIsNotMappedIsShownByTheLastEntryTowardsIt() {
    TreePicture picture = ask(request(new TreeRequest.InputAddress(0x1_0080_0000L)));
    assertThat(picture.revealed()).isEqualTo(0x10A001020L);
  }

  @Test
  void entryIsFoundByItsPhysicalAddress() {
    TreePicture picture = ask(request(new TreeRequest.EntryAddress(0x10A003FF8L)));
    assertThat(picture.revealed()).isEqualTo(0x10A003FF8L);
    assertThat(picture.opened()).containsExactlyInAnyOrder("0", "0-4", "0-4-1");
  }

  @Test
  void contiguousPagesAreOneRowThatOpensIntoItsEntries() {
    long[] entries = new long[512];
    for (int i = 0; i < 512; i++) {
      entries[i] = 0x2_0000_0803L + i * 4096L;
    }
    lab.run(new Command.MemWrite(0x10A004000L, Bytes.ofQuadwords(entries)));
    TreePicture picture = ask(plain());
    TreeRow merged =
        picture.rows().stream().filter(row -> row.covers(0x10A004100L)).findFirst().orElseThrow();
    assertThat(Objects.requireNonNull(merged.entry()).count()).isEqualTo(512);
    assertThat(merged.changes()).isEqualTo(512);
    TreePicture open = ask(new TreeRequest(Subjects.of(lab), Map.of(merged.key(), true), null));
    assertThat(open.rows()).hasSize(picture.rows().size() + 512);
  }

  @Test
  void treeThatPointsToItselfEndsWithItsLevels() {
    lab.run(new Command.MemWrite(0x10A000008L, Bytes.ofQuadwords(0x10A000003L)));
    assertThat(ask(plain()).rows()).hasSizeLessThan(TreeRows.LIMIT);
  }

  @Test
  void nothingInUseIsNoTree() {
    try (LabDouble fresh = LabDouble.after(List.of(new Command.Note("hello")))) {
      TreePicture picture =
          fresh.ask(
              view ->
                  TreeQuery.answer(
                      new TreeRequest(Subjects.of(view), Map.of(), null),
                      view.tables(),
                      view.lastChanges()));
      assertThat(picture.chosen()).isNull();
      assertThat(picture.rows()).isEmpty();
    }
  }

  /** 20 directories of 512 tables of 512 scattered pages: 5.2 million pages, none contiguous. */
  @Test
  void bigTreeReadsOnlyWhatIsOpen() {
    PhysicalMemory memory = PhysicalMemory.ofSize(4L << 30);
    memory.writeQword(0x1000, 0x2001);
    memory.writeQword(0x2000, 0x3001);
    memory.writeQword(0x2008, 0x102);
    memory.writeQword(0x3000, 0x4003);
    long next = 0x10_0000;
    for (int directory = 0; directory < 20; directory++) {
      long page = next;
      next += 4096;
      memory.writeQword(0x4000 + directory * 8L, page | 3);
      for (int i = 0; i < 512; i++) {
        long[] table = memory.frameForWrite(next >>> 12);
        for (int k = 0; k < 512; k++) {
          Objects.requireNonNull(table)[k] = (k * 0x7001_0000L & 0x7FFF_F000L) | 3;
        }
        memory.writeQword(page + i * 8L, next | 3);
        next += 4096;
      }
    }
    byte[] window = new byte[RegisterValues.WINDOW_BYTES];
    window[0x1F] = (byte) 0xC0;
    window[0x21] = 0x10;
    var tables = new TableBrowser(memory, RegisterValues.of(window));
    var subject = Subjects.of(tables);
    TreePicture picture =
        TreeQuery.answer(new TreeRequest(subject, Map.of(), null), tables, Changes.NONE);
    assertThat(picture.pages()).isEqualTo(20L * 512 * 512);
    assertThat(picture.ranges()).isEqualTo(TreePicture.MANY);
    assertThat(drawn(picture)).containsExactly("PML4 [000]", "511");
    TreePicture found =
        TreeQuery.answer(
            new TreeRequest(subject, Map.of(), new TreeRequest.InputAddress(0x1234_5000L)),
            tables,
            Changes.NONE);
    assertThat(found.rows()).hasSizeLessThan(2000);
    assertThat(found.rows()).anyMatch(row -> row.covers(found.revealed()));
  }
}
