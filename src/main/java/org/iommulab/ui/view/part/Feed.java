package org.iommulab.ui.view.part;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.value.ChangeListener;
import org.iommulab.lab.LabView;
import org.iommulab.ui.Asker;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Moment;
import org.iommulab.ui.Turn;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one pane up to date: asks when the pane is shown and the snapshot or the subject is new, at
 * most one question at a time, and asks nothing while the pane is hidden.
 *
 * @param <T> an immutable answer
 */
public final class Feed<T> {

  private final LabModel lab;
  private final Supplier<Function<LabView, T>> question;
  private final Consumer<T> sink;
  private final ChangeListener<Moment> onChange = (_, _, _) -> ask();
  private final ChangeListener<Moment> onOutdated = (_, _, _) -> outdated();
  private Runnable forget = () -> {};
  private boolean shown;
  private final Turn turn = new Turn();
  private @Nullable Moment answered;

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
      lab.momentProperty().removeListener(onOutdated);
      lab.momentProperty().addListener(onChange);
      if (!lab.momentProperty().get().equals(answered)) {
        ask();
      }
    } else {
      lab.momentProperty().removeListener(onChange);
      lab.momentProperty().addListener(onOutdated);
    }
  }

  /**
   * What to do when the laboratory goes on while the pane is hidden: take away what its header and
   * tab say of a state that is no more.
   */
  public void whenOutdated(Runnable work) {
    forget = work;
  }

  private void outdated() {
    lab.momentProperty().removeListener(onOutdated);
    answered = null;
    forget.run();
  }

  /** Asks because the pane's own state changed; a hidden pane asks when it is shown. */
  public void ask() {
    if (shown) {
      turn.now(this::askNow);
    } else {
      answered = null;
    }
  }

  private void askNow(Runnable end) {
    // Until there is an answer, the pane has none of this moment.
    answered = null;
    if (!shown) {
      end.run();
      return;
    }
    Moment moment = lab.momentProperty().get();
    lab.ask(
        question.get(),
        new Asker<T>() {
          @Override
          public void answered(T answer) {
            answered = moment;
            sink.accept(answer);
          }

          @Override
          public void ended() {
            end.run();
          }
        });
  }
}
