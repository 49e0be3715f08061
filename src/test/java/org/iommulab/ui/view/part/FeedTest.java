package org.iommulab.ui.view.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.LabModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedTest {

  private final LabDouble lab = LabDouble.after(List.of());
  private final BlockingQueue<Runnable> fx = new LinkedBlockingQueue<>();
  private final LabModel model = new LabModel(lab.session(), fx::add);
  private final List<Long> answers = new ArrayList<>();
  private int asked;

  private final Feed<Long> feed =
      new Feed<>(
          model,
          () -> {
            asked++;
            return view -> view.snapshot();
          },
          answers::add);

  @AfterEach
  void close() {
    lab.close();
  }

  /** Lets the laboratory finish and runs what it sent to the JavaFX thread, until all is quiet. */
  private void settle() {
    do {
      lab.ask(view -> 0);
      for (Runnable task = fx.poll(); task != null; task = fx.poll()) {
        task.run();
      }
      lab.ask(view -> 0);
    } while (!fx.isEmpty());
  }

  @Test
  void hiddenPaneAsksNothing() {
    model.submit(new Command.Note("one"));
    settle();
    assertThat(asked).isZero();
  }

  @Test
  void shownPaneAsksAtOnceAndAfterEachCommand() {
    feed.shown(true);
    settle();
    int first = asked;
    model.submit(new Command.Note("one"));
    settle();
    assertThat(first).isEqualTo(1);
    assertThat(asked).isGreaterThan(1);
    assertThat(answers).isNotEmpty();
  }

  @Test
  void paneShownAgainWithoutNewsAsksNothing() {
    feed.shown(true);
    settle();
    feed.shown(false);
    feed.shown(true);
    settle();
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void questionsWhileOneIsUnderWayBecomeOne() {
    feed.shown(true);
    feed.ask();
    feed.ask();
    feed.ask();
    settle();
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void changeOfAHiddenPaneIsAskedWhenItIsShown() {
    feed.shown(true);
    settle();
    feed.shown(false);
    feed.ask();
    settle();
    feed.shown(true);
    settle();
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void aFailedQuestionIsToldAndTheNextIsAsked() {
    var mistakes = new ArrayList<Throwable>();
    model.setOnMistake(mistakes::add);
    var fails = new ArrayList<>(List.of(true));
    var pane =
        new Feed<Long>(
            model,
            () ->
                view -> {
                  if (!fails.isEmpty()) {
                    throw new IllegalStateException("no such table");
                  }
                  return view.snapshot();
                },
            answers::add);
    pane.shown(true);
    settle();
    assertThat(mistakes).singleElement().asString().contains("no such table");
    fails.clear();
    model.submit(new Command.Note("one"));
    settle();
    assertThat(answers).isNotEmpty();
  }

  @Test
  void aPaneThatChokesOnAnAnswerStaysAlive() {
    var mistakes = new ArrayList<Throwable>();
    model.setOnMistake(mistakes::add);
    var taken = new ArrayList<Long>();
    var pane =
        new Feed<Long>(
            model,
            () -> view -> view.snapshot(),
            answer -> {
              taken.add(answer);
              throw new IllegalStateException("cannot draw");
            });
    pane.shown(true);
    settle();
    pane.ask();
    settle();
    assertThat(taken).hasSizeGreaterThan(1);
    assertThat(mistakes).hasSameSizeAs(taken);
  }

  @Test
  void aQuestionThatCannotBeMadeLeavesThePaneAlive() {
    var made = new ArrayList<Integer>();
    var pane =
        new Feed<Long>(
            model,
            () -> {
              made.add(1);
              if (made.size() == 1) {
                throw new IllegalStateException("no state yet");
              }
              return view -> view.snapshot();
            },
            answers::add);
    assertThatThrownBy(() -> pane.shown(true)).hasMessage("no state yet");
    pane.ask();
    settle();
    assertThat(answers).hasSize(1);
  }
}
