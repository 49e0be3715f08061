package org.iommulab.ui.view.part;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.value.ChangeListener;
import org.iommulab.lab.LabView;
import org.iommulab.ui.Asker;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Turn;

/**
 * Keeps one pane up to date: asks when the pane is shown and the snapshot or the unit in front is
 * new, at most one question at a time, and asks nothing while the pane is hidden.
 *
 * @param <T> an immutable answer
 */
public final class Feed<T> {

  private static final long NEVER = Long.MIN_VALUE;

  private final LabModel lab;
  private final Supplier<Function<LabView, T>> question;
  private final Consumer<T> sink;
  private final ChangeListener<Number> onChange = (_, _, _) -> ask();
  private boolean shown;
  private final Turn turn = new Turn();
  private long answered = NEVER;
  private int unit;

  /**
   * A feed that is not shown yet.
   *
   * @param question makes the question from the pane's present state
   * @param sink takes the answer on the JavaFX thread
   */
  public Feed(LabModel lab, Supplier<Function<LabView, T>> question, Consumer<T> sink) {
    this.lab = lab;
    this.question = question;
    this.sink = sink;
  }

  /** Tells that the pane was shown or hidden. */
  public void shown(boolean nowShown) {
    if (nowShown == shown) {
      return;
    }
    shown = nowShown;
    if (shown) {
      lab.snapshotProperty().addListener(onChange);
      lab.unitProperty().addListener(onChange);
      if (answered != lab.snapshotProperty().get() || unit != lab.unitProperty().get()) {
        ask();
      }
    } else {
      lab.snapshotProperty().removeListener(onChange);
      lab.unitProperty().removeListener(onChange);
    }
  }

  /** Asks because the pane's own state changed; a hidden pane asks when it is shown. */
  public void ask() {
    if (shown) {
      turn.now(this::askNow);
    } else {
      answered = NEVER;
    }
  }

  private void askNow(Runnable end) {
    if (!shown) {
      answered = NEVER;
      end.run();
      return;
    }
    long snapshot = lab.snapshotProperty().get();
    unit = lab.unitProperty().get();
    // Until there is an answer, the pane has none of this moment.
    answered = NEVER;
    lab.ask(
        question.get(),
        new Asker<T>() {
          @Override
          public void answered(T answer) {
            answered = snapshot;
            sink.accept(answer);
          }

          @Override
          public void ended() {
            end.run();
          }
        });
  }
}
