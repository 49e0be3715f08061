package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.language.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LabModelTest {

  private final Desk desk = new Desk();

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void aCommandBringsANewSnapshotAndItsFacts() {
    long before = desk.model.snapshotProperty().get();
    desk.model.submit(new Command.MemRead(0x1000, 1));
    desk.settle();
    assertThat(desk.model.snapshotProperty().get()).isGreaterThan(before);
    assertThat(desk.model.facts().position()).isEqualTo(1);
    assertThat(desk.model.facts().last().orElseThrow().command().op()).isEqualTo("mem.read");
  }

  @Test
  void undoPassesOverNotes() {
    desk.model.submit(new Command.MemRead(0x1000, 1));
    desk.model.submit(new Command.Note("said"));
    desk.settle();
    desk.model.undo();
    desk.settle();
    assertThat(desk.model.facts().position()).isZero();
    assertThat(desk.model.facts().canUndo()).isFalse();
    desk.model.redo();
    desk.settle();
    assertThat(desk.model.facts().position()).isEqualTo(2);
  }

  @Test
  void whatWasChosenDoesNotOutliveTheEvidenceItWasIn() {
    var selection = new Selection();
    try (var other = new Desk(selection)) {
      selection.select(new Selected.Bytes(0x1000, 8));
      other.model.submit(new Command.Note("still the same machine"));
      other.settle();
      assertThat(selection.get()).isEqualTo(new Selected.Bytes(0x1000, 8));
      other.model.change(
          lab -> {
            lab.open((Snapshot) Sample.SMALL.open());
            return true;
          },
          done -> {});
      other.settle();
      assertThat(selection.get()).isEqualTo(new Selected.Nothing());
    }
  }

  /** Nobody sees some panes of a state beside others, or its words before its panes. */
  @Test
  void whatAChangeBringsIsShownTogether() {
    var shown = new ArrayList<String>();
    var tasks = new AtomicInteger();
    var model =
        new LabModel(
            desk.session,
            task ->
                desk.fx.execute(
                    () -> {
                      tasks.incrementAndGet();
                      task.run();
                    }));
    desk.settle();
    for (int pane = 0; pane < 3; pane++) {
      model
          .momentProperty()
          .addListener(
              (value, was, is) ->
                  model.ask(view -> view.position(), at -> shown.add(at + " in " + tasks.get())));
    }
    model.change(
        lab -> lab.execute(new Command.Note("said")), done -> shown.add("told in " + tasks.get()));
    desk.settle();
    String when = " in " + shown.getFirst().replaceFirst(".* ", "");
    assertThat(shown).containsExactly("1" + when, "1" + when, "1" + when, "told" + when);
  }

  @Test
  void aBurstOfCommandsIsToldOnce() {
    var told = new ArrayList<Number>();
    desk.model.snapshotProperty().addListener((value, was, is) -> told.add(is));
    desk.model.change(
        lab -> {
          for (int i = 0; i < 50; i++) {
            lab.execute(new Command.Note("line"));
          }
          return true;
        },
        done -> {});
    desk.settle();
    assertThat(told).hasSize(1);
  }
}
