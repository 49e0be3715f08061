package org.iommulab.ui.view.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryQueryTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private String purpose(long address) {
    return lab.ask(view -> MemoryQuery.answer(view, address, false, new Selected.Nothing()))
        .purpose()
        .in(new Texts(Locale.ENGLISH));
  }

  @Test
  void frameKnowsWhatItIsUsedFor() {
    assertThat(purpose(0x109000000L)).isEqualTo("root table");
    assertThat(purpose(0x109001180L)).isEqualTo("context table of bus 00");
    assertThat(purpose(WorkedExample.LARGE_LEAF))
        .isEqualTo("PD of domain 21, from IOVA 1_0000_0000");
    assertThat(purpose(0x5000)).isEqualTo("no table");
  }

  @Test
  void entriesAreColouredByWhatTheyAre() {
    MemoryRow row =
        lab.ask(
                view ->
                    MemoryQuery.answer(
                        view, WorkedExample.LARGE_LEAF, false, new Selected.Nothing()))
            .rows()
            .getFirst();
    assertThat(row.roles())
        .containsExactly(
            MemoryRow.Paint.ZERO,
            MemoryRow.Paint.POINTER,
            MemoryRow.Paint.PAGE,
            MemoryRow.Paint.POINTER);
  }

  @Test
  void whereThereIsNoMemoryThereAreNoRows() {
    assertThat(
            lab.ask(view -> MemoryQuery.answer(view, 1L << 45, false, new Selected.Nothing()))
                .rows())
        .isEmpty();
  }

  @Test
  void theSelectedStructureIsMarkedWhereItLies() {
    var entry = new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "PD [2]");
    MemoryPicture followed = lab.ask(view -> MemoryQuery.answer(view, 0, true, entry));
    assertThat(followed.at()).isEqualTo(WorkedExample.LARGE_LEAF);
    assertThat(followed.isChosen(WorkedExample.LARGE_LEAF)).isTrue();
    assertThat(followed.isChosen(WorkedExample.LARGE_LEAF + 8)).isFalse();
    MemoryPicture elsewhere = lab.ask(view -> MemoryQuery.answer(view, 0, false, entry));
    assertThat(elsewhere.at()).isZero();
    var nothing = new Selected.Fault(0);
    assertThat(lab.ask(view -> MemoryQuery.answer(view, 0x2000, true, nothing)).at())
        .isEqualTo(0x2000);
  }
}
