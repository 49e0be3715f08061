package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Result;
import org.jspecify.annotations.Nullable;

/**
 * The laboratory as the JavaFX thread sees it. Commands go down, the number of the newest snapshot
 * comes up, at most once a pulse; a pane that is visible then asks for what it shows. Questions are
 * answered on the laboratory's thread with immutable values; answers arrive on the JavaFX thread.
 * Call every method on the JavaFX thread.
 */
@Singleton
public final class LabModel {

  private final LabSession session;
  private final Executor fx;
  private final AtomicLong newest = new AtomicLong(-1);
  private final ReadOnlyLongWrapper snapshot = new ReadOnlyLongWrapper(this, "snapshot", 0);
  private final IntegerProperty unit = new SimpleIntegerProperty(this, "unit", 0);
  private final ReadOnlyObjectWrapper<LabFacts> facts =
      new ReadOnlyObjectWrapper<>(this, "facts", LabFacts.NONE);
  private final ReadOnlyObjectWrapper<Result> result = new ReadOnlyObjectWrapper<>(this, "result");
  private Consumer<Throwable> onMistake = Throwable::printStackTrace;

  /**
   * A face of a session.
   *
   * @param fx runs a task on the JavaFX thread
   */
  @Inject
  public LabModel(LabSession session, @FxThread Executor fx) {
    this.session = session;
    this.fx = fx;
    session.listen(this::changed);
    unit.subscribe((was, is) -> refreshFacts());
    refreshFacts();
  }

  /** Number of the newest snapshot; panes listen to it. */
  public ReadOnlyLongProperty snapshotProperty() {
    return snapshot.getReadOnlyProperty();
  }

  /** The few facts that many parts of the window show. */
  public ReadOnlyObjectProperty<LabFacts> factsProperty() {
    return facts.getReadOnlyProperty();
  }

  /** The few facts that many parts of the window show. */
  public LabFacts facts() {
    return facts.get();
  }

  /** What the latest command given in this window did; null before the first. */
  public ReadOnlyObjectProperty<Result> resultProperty() {
    return result.getReadOnlyProperty();
  }

  /** Gives a command; the result arrives at {@link #resultProperty()}. */
  public void submit(Command command) {
    submit(command, done -> {});
  }

  /** Gives a command and tells what it did. */
  public void submit(Command command, Consumer<? super Result> onFx) {
    deliver(
        () -> session.submit(command),
        done -> {
          result.set(done);
          onFx.accept(done);
        });
  }

  /**
   * Index of the remapping unit that all panes show; they ask anew when it changes. Every question
   * sees the laboratory with this unit in front.
   */
  public IntegerProperty unitProperty() {
    return unit;
  }

  /** Asks about the present state. */
  public <T> void ask(Function<LabView, T> question, Asker<? super T> asker) {
    int index = unit.get();
    deliver(() -> session.ask(view -> question.apply(view.ofUnit(index))), asker);
  }

  /** Does something to the laboratory that is not a command, such as going back. */
  public <T> void change(Function<Laboratory, T> work, Asker<? super T> asker) {
    deliver(() -> session.change(work), asker);
  }

  /** Takes the latest command back that did something. */
  public void undo() {
    change(
        lab -> {
          int target = lab.position();
          while (target > 0 && LabFacts.isRemark(lab.journal().get(target - 1))) {
            target--;
          }
          return lab.rewind(Math.max(0, target - 1));
        },
        done -> {});
  }

  /** Carries out again what was undone last, with the notes and checks behind it. */
  public void redo() {
    change(
        lab -> {
          int target = Math.min(lab.position() + 1, lab.journal().size());
          while (target < lab.journal().size() && LabFacts.isRemark(lab.journal().get(target))) {
            target++;
          }
          return lab.rewind(target);
        },
        done -> {});
  }

  /** Goes to the state after the first {@code position} commands. */
  public void rewind(int position) {
    change(lab -> lab.rewind(position), done -> {});
  }

  /** Who is told of a mistake of ours that a question or command ran into. */
  public void setOnMistake(Consumer<Throwable> handler) {
    onMistake = handler;
  }

  private void changed(long number) {
    // One task a burst: whoever finds the mark unset brings the newest number up.
    if (newest.getAndSet(number) == -1) {
      fx.execute(
          () -> {
            snapshot.set(newest.getAndSet(-1));
            refreshFacts();
          });
    }
  }

  private void refreshFacts() {
    ask(LabFacts::of, facts::set);
  }

  private <T> void deliver(Supplier<CompletableFuture<T>> sent, Asker<? super T> asker) {
    CompletableFuture<T> answer;
    try {
      answer = sent.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    answer.whenComplete((value, problem) -> fx.execute(() -> tell(asker, value, problem)));
  }

  private <T> void tell(Asker<? super T> asker, T value, @Nullable Throwable problem) {
    try {
      if (problem == null) {
        asker.answered(value);
      } else {
        onMistake.accept(problem);
        asker.failed();
      }
    } catch (RuntimeException e) {
      onMistake.accept(e);
    } finally {
      asker.ended();
    }
  }
}
