package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.busy.FxThread;

/** Exercises of one kind, drawn one after another, each answered and marked. */
@Singleton
public final class ExerciseModel {

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
  private final ReadOnlyBooleanWrapper showing = new ReadOnlyBooleanWrapper(this, "showing");
  private final ReadOnlyObjectWrapper<Optional<Sheet>> exercise =
      new ReadOnlyObjectWrapper<>(this, "exercise", Optional.empty());

  @Inject
  public ExerciseModel(
      Workplace workplace, PracticeScore score, InstantSource time, @FxThread Executor fx) {
    this.workplace = workplace;
    this.score = score;
    this.time = time;
    this.fx = fx;
  }

  /** Whether the page shows. */
  ReadOnlyBooleanProperty showingProperty() {
    return showing.getReadOnlyProperty();
  }

  /** The exercise at hand. */
  ReadOnlyObjectProperty<Optional<Sheet>> exerciseProperty() {
    return exercise.getReadOnlyProperty();
  }

  Optional<Sheet> exercise() {
    return exercise.get();
  }

  /** Draws an exercise of a kind and shows it. */
  void begin(Exercises.Kind kind) {
    draw(kind, score.seed(kind.name(), time.millis() % SEEDS));
    showing.set(true);
  }

  /** Shows the page again. */
  void open() {
    showing.set(exercise().isPresent());
  }

  void leave() {
    showing.set(false);
  }

  /** Draws another one of the same kind. */
  void next() {
    exercise().ifPresent(sheet -> draw(sheet.kind(), sheet.exercise().seed() + 1));
  }

  /** Draws the one of a seed. */
  void seed(long seed) {
    exercise()
        .filter(sheet -> sheet.exercise().seed() != seed)
        .ifPresent(sheet -> draw(sheet.kind(), seed));
  }

  private void draw(Exercises.Kind kind, long seed) {
    score.setSeed(kind.name(), seed);
    CompletableFuture.supplyAsync(
            () -> Exercises.draw(kind.name(), seed), Thread::startVirtualThread)
        .thenAcceptAsync(
            drawn -> exercise.set(Optional.of(new Sheet(kind, drawn, List.of(), false))), fx);
  }

  /** Marks what was written, line by line. */
  void mark(List<String> given) {
    exercise().filter(sheet -> !sheet.shown()).ifPresent(sheet -> mark(sheet, given));
  }

  private void mark(Sheet sheet, List<String> given) {
    Exercise drawn = sheet.exercise();
    var right = new ArrayList<Boolean>();
    for (int i = 0; i < drawn.answers().size(); i++) {
      String said = i < given.size() ? given.get(i) : "";
      right.add(drawn.answers().get(i).accepts(said));
      workplace.note(new Command.Answer(drawn.sessionName(i), said));
    }
    var marked = new Sheet(sheet.kind(), drawn, right, false);
    if (!sheet.isMarked()) {
      score.answered(drawn.kind(), marked.isSolved());
    }
    exercise.set(Optional.of(marked));
  }

  /** Shows the answers; the exercise counts as answered then. */
  void show() {
    exercise()
        .ifPresent(
            sheet -> {
              if (!sheet.isMarked()) {
                score.answered(sheet.exercise().kind(), false);
              }
              workplace.note(new Command.Hint(sheet.exercise().sessionName(0)));
              exercise.set(
                  Optional.of(new Sheet(sheet.kind(), sheet.exercise(), sheet.right(), true)));
            });
  }

  /** Builds its machine on the workbench, the answer with it. */
  void build() {
    exercise()
        .ifPresent(
            sheet -> {
              showing.set(false);
              workplace.build(sheet.exercise().machine());
            });
  }
}
