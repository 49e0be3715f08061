package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.busy.Works;
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
  private final Selection selection;
  private final Executor fx;
  private final AtomicLong newest = new AtomicLong(-1);
  private final ReadOnlyLongWrapper snapshot = new ReadOnlyLongWrapper(this, "snapshot", 0);
  private final ReadOnlyObjectWrapper<Moment> moment =
      new ReadOnlyObjectWrapper<>(this, "moment", new Moment(0, Subject.NONE));
  private final ReadOnlyObjectWrapper<LabFacts> facts =
      new ReadOnlyObjectWrapper<>(this, "facts", LabFacts.NONE);
  private final ReadOnlyObjectWrapper<Result> result = new ReadOnlyObjectWrapper<>(this, "result");
  private final AtomicReference<Subject> decided = new AtomicReference<>(Subject.NONE);
  private final AtomicReference<@Nullable JournalEntry> decidedFor = new AtomicReference<>();
  private final Works works;

  /** Holds back the answers to what is asked now, if they belong to a change; else null. */
  private @Nullable Curtain asked;

  /** Of the latest change that is on its way into the window. */
  private @Nullable Curtain change;

  private Consumer<Throwable> onMistake = Throwable::printStackTrace;

  /** A face of a session whose subject follows the commands only. */
  public LabModel(LabSession session, Executor fx) {
    this(session, fx, new Selection());
  }

  /** A face of a session whose work nobody watches. */
  public LabModel(LabSession session, Executor fx, Selection selection) {
    this(session, fx, selection, new Works(fx));
  }

  /**
   * A face of a session.
   *
   * @param fx runs a task on the JavaFX thread
   * @param selection what is chosen, which decides whom panes show until the next command
   * @param works whoever wants to see what is being worked on, and may give it up
   */
  @Inject
  public LabModel(LabSession session, @FxThread Executor fx, Selection selection, Works works) {
    this.session = session;
    this.fx = fx;
    this.works = works;
    this.selection = selection;
    session.listen(this::changed);
    selection
        .selectedProperty()
        .subscribe(
            (was, chosen) -> decide((view, before) -> SubjectQuery.chosen(view, before, chosen)));
    refresh(0);
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
    change(
        Work.named("work.command", command.op()),
        lab -> lab.execute(command),
        done -> {
          result.set(done);
          onFx.accept(done);
        });
  }

  /** The state and whom all panes show of it; panes ask anew when it changes. */
  public ReadOnlyObjectProperty<Moment> momentProperty() {
    return moment.getReadOnlyProperty();
  }

  /** Whom all panes show. */
  public Subject subject() {
    return moment.get().subject();
  }

  /** Shows another address space in all panes until a command or the selection decides anew. */
  public void show(Subject chosen) {
    decide((view, before) -> chosen);
  }

  /** Shows another unit in all panes. */
  public void showUnit(int unit) {
    decide((view, before) -> SubjectQuery.ofUnit(view, before, unit));
  }

  // The laboratory's thread decides, one decision after another, so that none is lost.
  private void decide(BiFunction<LabView, Subject, Subject> rule) {
    deliver(
        () -> session.ask(view -> decided.updateAndGet(before -> rule.apply(view, before))),
        subject -> moment.set(new Moment(moment.get().snapshot(), subject)));
  }

  /** Asks about the present state, the subject's unit in front. */
  public <T> void ask(Function<LabView, T> question, Asker<? super T> asker) {
    int index = subject().unit();
    Curtain curtain = asked;
    if (curtain != null) {
      curtain.await();
    }
    deliver(
        () -> session.ask(view -> question.apply(view.ofUnit(index))),
        asker,
        tell -> {
          if (curtain == null) {
            tell.run();
          } else {
            curtain.answered(tell);
          }
        });
  }

  /** Does something to the laboratory that is not a command, such as going back. */
  public <T> void change(Function<Laboratory, T> deed, Asker<? super T> asker) {
    change(Work.named("work.laboratory"), deed, asker);
  }

  /** Does something to the laboratory that may take long and be given up, which changes nothing. */
  public <T> void change(Work work, Function<Laboratory, T> deed, Asker<? super T> asker) {
    works.begin(work);
    deliver(
        () -> session.change(lab -> work.heard(() -> deed.apply(lab))),
        asker.and(() -> works.end(work)),
        tell -> {
          Curtain curtain = change;
          if (curtain == null) {
            tell.run();
          } else {
            curtain.afterwards(tell);
          }
        });
  }

  /** Works on something else than the laboratory, beside it and the window. */
  public <T> void aside(Work work, Supplier<T> deed, Asker<? super T> asker) {
    works.begin(work);
    deliver(
        () -> CompletableFuture.supplyAsync(() -> work.heard(deed), Thread::startVirtualThread),
        asker.and(() -> works.end(work)));
  }

  /** Takes the latest command back that did something. */
  public void undo() {
    change(
        Work.named("work.rewind"),
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
        Work.named("work.rewind"),
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
    change(Work.named("work.rewind"), lab -> lab.rewind(position), done -> {});
  }

  /** Who is told of a mistake of ours that a question or command ran into. */
  public void setOnMistake(Consumer<Throwable> handler) {
    onMistake = handler;
  }

  private void changed(long number) {
    // One task a burst: whoever finds the mark unset brings the newest number up.
    if (newest.getAndSet(number) == -1) {
      fx.execute(() -> refresh(newest.getAndSet(-1)));
    }
  }

  /**
   * Facts and subject first, so that nobody sees a new state with an old subject. What panes ask
   * about the new state comes on show together, and then whoever changed it is told.
   */
  private void refresh(long number) {
    var curtain = new Curtain();
    change = curtain;
    CompletableFuture.delayedExecutor(Curtain.LONGEST_MS, TimeUnit.MILLISECONDS)
        .execute(() -> fx.execute(curtain::raise));
    deliver(
        () -> session.ask(this::now),
        new Asker<Now>() {
          @Override
          public void answered(Now now) {
            if (!now.facts().source().equals(facts.get().source())) {
              // What was chosen is not in another dump, or in a machine that a dump gave way to.
              selection.clear();
            }
            facts.set(now.facts());
            asked = curtain;
            try {
              moment.set(new Moment(number, now.subject()));
            } finally {
              asked = null;
            }
          }

          @Override
          public void ended() {
            snapshot.set(number);
            curtain.complete();
          }
        });
  }

  private record Now(LabFacts facts, Subject subject) {}

  /** Only a deed that was not there before decides anew; runs on the laboratory's thread. */
  private Now now(LabView view) {
    var facts = LabFacts.of(view);
    JournalEntry deed = facts.last().orElse(null);
    boolean anew = deed == null || deed != decidedFor.getAndSet(deed);
    return new Now(
        facts,
        decided.updateAndGet(
            before -> anew ? SubjectQuery.after(view, before) : SubjectQuery.still(view, before)));
  }

  private <T> void deliver(Supplier<CompletableFuture<T>> sent, Asker<? super T> asker) {
    deliver(sent, asker, Runnable::run);
  }

  private <T> void deliver(
      Supplier<CompletableFuture<T>> sent, Asker<? super T> asker, Consumer<Runnable> teller) {
    CompletableFuture<T> answer;
    try {
      answer = sent.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    answer.whenComplete(
        (value, problem) -> fx.execute(() -> teller.accept(() -> tell(asker, value, problem))));
  }

  private static boolean isGivenUp(Throwable problem) {
    return problem instanceof CancellationException
        || problem.getCause() instanceof CancellationException;
  }

  private <T> void tell(Asker<? super T> asker, T value, @Nullable Throwable problem) {
    try {
      if (problem == null) {
        asker.answered(value);
      } else if (isGivenUp(problem)) {
        asker.givenUp();
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
