package org.iommulab.ui.view.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.ui.Subjects;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeModelTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());
  private final TreeModel model = new TreeModel();

  @AfterEach
  void close() {
    lab.close();
  }

  private void answer() {
    TreeRequest request = model.request(Subjects.of(lab));
    model.show(lab.ask(view -> TreeQuery.answer(request, view.tables(), view.lastChanges())));
  }

  @Test
  void selectionStaysAtItsEntryWhenRowsAboveGo() {
    answer();
    assertThat(model.revealEntry(WorkedExample.LARGE_LEAF)).isFalse();
    TreeRow directory = model.rows().get(2);
    model.toggle(directory);
    answer();
    TreeRow selected = model.selectedProperty().get();
    assertThat(selected).isNotNull();
    assertThat(selected.covers(WorkedExample.LARGE_LEAF)).isTrue();
  }

  @Test
  void closedByTheReaderStaysClosed() {
    answer();
    model.toggle(model.rows().getFirst());
    answer();
    assertThat(model.rows()).hasSize(2);
    lab.run(WorkedExample.write());
    answer();
    assertThat(model.rows()).hasSize(2);
  }

  @Test
  void entryInsideAClosedBranchIsAskedFor() {
    answer();
    model.toggle(model.rows().getFirst());
    answer();
    assertThat(model.revealEntry(WorkedExample.LARGE_LEAF)).isTrue();
    answer();
    TreeRow selected = model.selectedProperty().get();
    assertThat(selected).isNotNull();
    assertThat(TreeFigures.title(selected)).isEqualTo("PD [002]");
    assertThat(TreePane.trail(model.rows(), selected)).hasSize(3);
  }
}
