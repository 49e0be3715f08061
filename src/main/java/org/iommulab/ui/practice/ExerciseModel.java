package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.busy.FxThread;

/** Exercises of one kind, drawn one after another, each answered and marked. */
@Singleton
public final class ExerciseModel extends PageModel<ExerciseModel.Sheet> {

  /** Seeds that people can read and type. */
  private static final long SEEDS = 100_000;

  /**
   * An exercise and what was made of it.
   *
   * @param right for each line whether it is right; empty before it was marked
   * @param shown whether the answers are shown
   */
  record Sheet(Exercises.Kind kind, Exercise exercise, List<Boolean> right, boolean shown) {
    Sheet {
      right = List.copyOf(right);
    }

    boolean isMarked() {
      return !right.isEmpty();
    }

    boolean isSolved() {
      return isMarked() && !right.contains(false);
    }
  }

  private final Workplace workplace;
  private final PracticeScore score;
  private final InstantSource time;
  private final Executor fx;
  private List<StringProperty> lines = List.of();

  @Inject
  public ExerciseModel(
      Workplace workplace, PracticeScore score, InstantSource time, @FxThread Executor fx) {
    this.workplace = workplace;
    this.score = score;
    this.time = time;
    this.fx = fx;
  }

  /** What is written in each line. */
  List<StringProperty> lines() {
    return lines;
  }

  /** Draws an exercise of a kind and shows it. */
  void begin(Exercises.Kind kind) {
    draw(kind, score.seed(kind.name(), time.millis() % SEEDS));
    show();
  }

  /** Draws another one of the same kind. */
  void next() {
    work().ifPresent(sheet -> draw(sheet.kind(), sheet.exercise().seed() + 1));
  }

  /** Draws the one of a seed. */
  void seed(long seed) {
    work()
        .filter(sheet -> sheet.exercise().seed() != seed)
        .ifPresent(sheet -> draw(sheet.kind(), seed));
  }

  private void draw(Exercises.Kind kind, long seed) {
    score.setSeed(kind.name(), seed);
    CompletableFuture.supplyAsync(
            () -> Exercises.draw(kind.name(), seed), Thread::startVirtualThread)
        .thenAcceptAsync(drawn -> drawn(kind, drawn), fx);
  }

  private void drawn(Exercises.Kind kind, Exercise exercise) {
    lines =
        exercise.answers().stream().<StringProperty>map(a -> new SimpleStringProperty("")).toList();
    setWork(new Sheet(kind, exercise, List.of(), false));
  }

  /** Marks what was written, line by line. */
  void mark() {
    work().filter(sheet -> !sheet.shown()).ifPresent(this::mark);
  }

  private void mark(Sheet sheet) {
    Exercise drawn = sheet.exercise();
    var right = new ArrayList<Boolean>();
    for (int i = 0; i < drawn.answers().size(); i++) {
      String said = lines.get(i).get();
      right.add(drawn.answers().get(i).accepts(said));
      workplace.note(new Command.Answer(drawn.sessionName(i), said));
    }
    var marked = new Sheet(sheet.kind(), drawn, right, false);
    if (!sheet.isMarked()) {
      score.answered(drawn.kind(), marked.isSolved());
    }
    setWork(marked);
  }

  /** Shows the answers; the exercise counts as answered then. */
  void showAnswers() {
    work()
        .ifPresent(
            sheet -> {
              if (!sheet.isMarked()) {
                score.answered(sheet.exercise().kind(), false);
              }
              workplace.note(new Command.Hint(sheet.exercise().sessionName(0)));
              setWork(new Sheet(sheet.kind(), sheet.exercise(), sheet.right(), true));
            });
  }

  /** Builds its machine on the workbench, the answer with it. */
  void build() {
    work()
        .ifPresent(
            sheet -> {
              leave();
              workplace.build(sheet.exercise().machine());
            });
  }
}
