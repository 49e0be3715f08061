package org.iommulab.ui.program;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.script.Script;
import org.iommulab.peer.exec.CallMatch;
import org.iommulab.peer.exec.ProgramCall;
import org.iommulab.peer.exec.ProgramMachine;
import org.iommulab.peer.exec.RunningProgram;
import org.iommulab.ui.Asker;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Turn;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** A program on the laboratory of the window, and the calls of programs in the journal. */
@Singleton
public final class ProgramModel {

  /** What the program does. */
  enum State {
    /** There is none, or it has ended. */
    NONE,
    /** It is being started, or runs. */
    RUNS,
    /** The next call waits, or one does. */
    PAUSED
  }

  /** What one look at the laboratory came to. */
  private record Answer(CallFold.Change change, int position) {}

  private final LabModel lab;
  private final LabSession session;
  private final Executor fx;
  private final CallFold fold = new CallFold();
  private final ObservableList<CallRow> rows = FXCollections.observableArrayList();
  private final StringProperty filter = new SimpleStringProperty(this, "filter", "");
  private final StringProperty stops = new SimpleStringProperty(this, "stops", "");
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(this, "state", State.NONE);
  private final ReadOnlyObjectWrapper<Phrase> sentence =
      new ReadOnlyObjectWrapper<>(this, "sentence", Phrase.NONE);
  private final ReadOnlyStringWrapper output = new ReadOnlyStringWrapper(this, "output", "");
  private final ReadOnlyIntegerWrapper position = new ReadOnlyIntegerWrapper(this, "position");
  private final ReadOnlyLongWrapper calls = new ReadOnlyLongWrapper(this, "calls");
  private final Turn turn = new Turn();
  private @Nullable RunningProgram program;
  private @Nullable CallRow open;
  private boolean shown;

  @Inject
  ProgramModel(LabModel lab, LabSession session, @FxThread Executor fx) {
    this.lab = lab;
    this.session = session;
    this.fx = fx;
    lab.snapshotProperty().subscribe(number -> look());
    filter.subscribe(text -> look());
    stops.subscribe(
        text -> {
          RunningProgram running = program;
          if (running != null) {
            running.gate().setStops(CallMatch.list(text));
          }
        });
  }

  /** The calls, folded; below an opened line the calls of it. */
  ObservableList<CallRow> rows() {
    return rows;
  }

  /** Which calls are shown; see {@link CallMatch}. */
  StringProperty filterProperty() {
    return filter;
  }

  /** At which calls the program stops; several with commas between them. */
  StringProperty stopsProperty() {
    return stops;
  }

  /** What the program does. */
  ReadOnlyObjectProperty<State> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /** What there is to say about it. */
  ReadOnlyObjectProperty<Phrase> sentenceProperty() {
    return sentence.getReadOnlyProperty();
  }

  /** The last of what it has put out. */
  ReadOnlyStringProperty outputProperty() {
    return output.getReadOnlyProperty();
  }

  /** How many commands are in effect. */
  ReadOnlyIntegerProperty positionProperty() {
    return position.getReadOnlyProperty();
  }

  /** How many calls are shown or folded. */
  ReadOnlyLongProperty callsProperty() {
    return calls.getReadOnlyProperty();
  }

  // ---- the program
  // --------------------------------------------------------------------------------

  /** Tells whether a program runs. */
  public boolean isRunning() {
    return state.get() != State.NONE;
  }

  /** The program that runs or ran last, or null. */
  public @Nullable RunningProgram program() {
    return program;
  }

  /** Runs a program. */
  public void run(Order order) {
    if (isRunning()) {
      return;
    }
    switch (script(order.machine())) {
      case Reading.Bad<Script>(Bilingual problem) -> sentence.set(Phrase.of(problem));
      case Reading.Good<Script>(Script script) -> {
        state.set(State.RUNS);
        sentence.set(Phrase.of("program.starts", order.command().getFirst()));
        lab.change(
            laboratory -> setUp(laboratory, order.machine().isEmpty() ? null : script, order.era()),
            problem -> begin(order, problem));
      }
    }
  }

  private static Reading<Script> script(String word) {
    if (word.isEmpty()) {
      return new Reading.Good<>(new Script("", List.of()));
    }
    String name = word.toLowerCase(Locale.ROOT);
    return Presets.named(word)
        .<Reading<Script>>map(preset -> new Reading.Good<>(preset.script()))
        .orElseGet(
            () ->
                name.endsWith(".yaml") || name.endsWith(".yml")
                    ? Preset.read(Path.of(word)).then(Preset::script)
                    : Script.read(Path.of(word)));
  }

  /** The laboratory as it is if a kernel runs in it; what is wrong, or an empty text. */
  private static String setUp(Laboratory laboratory, @Nullable Script script, String era) {
    if (script == null && laboratory.view().isLive() && laboratory.view().kernel().isPresent()) {
      laboratory.rewind(laboratory.journal().size());
      return "";
    }
    laboratory.clear();
    return ProgramMachine.setUp(laboratory, script, era).orElse("");
  }

  private void begin(Order order, String problem) {
    if (!problem.isEmpty()) {
      state.set(State.NONE);
      sentence.set(Phrase.of(problem));
      return;
    }
    RunningProgram started =
        RunningProgram.start(
            session, order.command(), order.record(), order.closed(), CallMatch.list(stops.get()));
    program = started;
    started.gate().listen(() -> fx.execute(this::follow));
    started.end().thenAccept(end -> fx.execute(() -> ended(started, end)));
    follow();
  }

  /** Shows what the gate says. */
  private void follow() {
    RunningProgram running = program;
    if (running == null || running.end().isDone()) {
      return;
    }
    output.set(running.output());
    String name = running.command().getFirst();
    ProgramCall waiting = running.gate().waiting();
    if (!running.gate().isClosed()) {
      state.set(State.RUNS);
      sentence.set(Phrase.of("program.runs", name));
    } else {
      state.set(State.PAUSED);
      sentence.set(
          waiting == null
              ? Phrase.of("program.pauses", name)
              : Phrase.of("program.waits", name, waiting.text()));
    }
  }

  private void ended(RunningProgram running, RunningProgram.End end) {
    output.set(running.output());
    state.set(State.NONE);
    String name = running.command().getFirst();
    sentence.set(
        !end.problem().isEmpty()
            ? Phrase.of("program.failed", name, end.problem())
            : running.wasKilled()
                ? Phrase.of("program.stopped", name)
                : end.signal().isEmpty()
                    ? Phrase.of("program.ended", name, end.code())
                    : Phrase.of("program.crashed", name, end.signal()));
    look();
  }

  /** Lets the next call wait. */
  void pause() {
    RunningProgram running = program;
    if (running != null) {
      running.gate().pause();
    }
  }

  /** Lets one call pass. */
  void step() {
    RunningProgram running = program;
    if (running != null) {
      running.gate().step();
    }
  }

  /** Lets calls pass until one to stop at. */
  void goOn() {
    RunningProgram running = program;
    if (running != null) {
      running.gate().goOn();
    }
  }

  /** Ends the program. */
  public void stop() {
    RunningProgram running = program;
    if (running != null) {
      running.stop();
    }
  }

  /** Asks what is to become of the program, if one runs, before the window goes. */
  public boolean asksBeforeEnd(Notices notices, Texts texts, Runnable stopped, Runnable left) {
    RunningProgram running = program;
    if (running == null || running.end().isDone()) {
      return false;
    }
    notices.ask(
        Role.WARN,
        () -> texts.get("program.ask-end", running.command().getFirst()),
        new Notices.Offer(
            "program.end-it",
            () -> {
              running.stop();
              running.end().thenAccept(end -> fx.execute(stopped));
            }),
        new Notices.Offer("program.leave-it", left));
    return true;
  }

  // ---- its calls
  // ----------------------------------------------------------------------------------

  /** Starts or stops following the laboratory. */
  void setShown(boolean visible) {
    shown = visible;
    look();
  }

  /** Opens a folded line, or closes it. */
  void toggle(CallRow row) {
    if (row.count() < 2) {
      return;
    }
    boolean close = row.equals(open);
    closeLine();
    if (!close) {
      lab.ask(view -> fold.inside(view.journal(), row), inside -> show(row, inside));
    }
  }

  private void show(CallRow row, List<CallRow> inside) {
    int at = rows.indexOf(row);
    if (at >= 0) {
      open = row;
      rows.addAll(at + 1, inside);
    }
  }

  private void closeLine() {
    open = null;
    rows.removeIf(CallRow::inside);
  }

  /** Tells whether that line is open. */
  boolean isOpen(CallRow row) {
    return row.equals(open);
  }

  /** Goes to the state after a call. */
  void goTo(CallRow row) {
    lab.rewind(row.last() + 1);
  }

  private void look() {
    if (program != null) {
      follow();
    }
    if (shown) {
      turn.now(this::lookNow);
    }
  }

  private void lookNow(Runnable end) {
    String wanted = filter.get();
    lab.ask(
        view -> new Answer(fold.follow(view.journal(), wanted), view.position()),
        new Asker<Answer>() {
          @Override
          public void answered(Answer answer) {
            show(answer);
          }

          @Override
          public void ended() {
            end.run();
          }
        });
  }

  private void show(Answer answer) {
    CallFold.Change change = answer.change();
    position.set(answer.position());
    calls.set(change.calls());
    int opened = open == null ? -1 : rows.indexOf(open);
    int inside = open == null ? 0 : (int) rows.stream().filter(CallRow::inside).count();
    boolean stays = opened >= 0 && opened < change.kept();
    int from = change.kept() + (stays ? inside : 0);
    if (!stays && open != null) {
      if (opened == change.kept() && change.fresh().equals(List.of(rows.get(opened)))) {
        return;
      }
      closeLine();
    }
    if (from <= rows.size() && rows.subList(from, rows.size()).equals(change.fresh())) {
      return;
    }
    rows.remove(Math.min(from, rows.size()), rows.size());
    rows.addAll(change.fresh());
  }
}
