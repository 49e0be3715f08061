package org.iommulab.ui.player;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.course.Show;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.session.Place;
import org.iommulab.lab.session.Place.Span;
import org.iommulab.ui.Asker;
import org.iommulab.ui.LabFacts;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Turn;
import org.iommulab.ui.busy.Work;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of a preset one after another. A step is done while the journal still holds
 * all its commands in effect, so undo, rewind and own commands between steps need no special care.
 */
@Singleton
public final class PresetPlayer {

  /**
   * Where the player stands.
   *
   * @param preset what is played, or empty
   * @param done how many steps are in effect
   */
  public record Progress(Optional<Preset> preset, int done) {

    /** Number of steps. */
    public int steps() {
      return preset.map(playing -> playing.steps().size()).orElse(0);
    }

    /** The step done last, if any. */
    public Optional<Preset.Step> current() {
      return done == 0 ? Optional.empty() : preset.map(playing -> playing.steps().get(done - 1));
    }

    /** The step to come, if any. */
    public Optional<Preset.Step> next() {
      return done >= steps() ? Optional.empty() : preset.map(playing -> playing.steps().get(done));
    }
  }

  private final LabModel model;
  private final Notices notices;
  private final PlayClock clock;
  private final List<Taken> steps = new ArrayList<>();
  private Optional<Path> file = Optional.empty();

  /** The same with what its steps show; empty for what is no lesson. */
  private Optional<Lesson> told = Optional.empty();

  private final ReadOnlyObjectWrapper<Progress> progress =
      new ReadOnlyObjectWrapper<>(this, "progress", new Progress(Optional.empty(), 0));
  private final ReadOnlyBooleanWrapper playing = new ReadOnlyBooleanWrapper(this, "playing");
  private final ReadOnlyObjectWrapper<@Nullable Lesson> lesson =
      new ReadOnlyObjectWrapper<>(this, "lesson");
  private final ReadOnlyIntegerWrapper beats = new ReadOnlyIntegerWrapper(this, "beats");
  private final DoubleProperty pace = new SimpleDoubleProperty(this, "pace", 1);
  private final Turn turn = new Turn();
  private String language = "en";

  @Inject
  public PresetPlayer(LabModel model, Notices notices, PlayClock clock) {
    this.model = model;
    this.notices = notices;
    this.clock = clock;
    model.factsProperty().subscribe(this::showDone);
    progress.addListener((_, _, _) -> came());
    pace.addListener((_, _, _) -> came());
  }

  /** Where the player stands. */
  public ReadOnlyObjectProperty<Progress> progressProperty() {
    return progress.getReadOnlyProperty();
  }

  /** Where the player stands. */
  public Progress progress() {
    return progress.get();
  }

  /** What the step done last shows; nothing before the first, or if it says nothing of it. */
  public List<Show> shows() {
    int done = progress().done();
    return told.filter(lesson -> done > 0 && done <= lesson.steps().size())
        .map(lesson -> lesson.steps().get(done - 1).show())
        .orElse(List.of());
  }

  /** A preset that ships, or one from a file, is a lesson with less to it. */
  private static Optional<Lesson> told(Preset preset, Optional<Path> from) {
    return from.map(Lesson::read)
        .map(Lesson.Read::lesson)
        .orElseGet(() -> Lessons.named(preset.name()));
  }

  /** Whether it goes from step to step by itself. */
  public ReadOnlyBooleanProperty playingProperty() {
    return playing.getReadOnlyProperty();
  }

  /** The lesson that is given; null while a preset is played or nothing is. */
  public ReadOnlyObjectProperty<@Nullable Lesson> lessonProperty() {
    return lesson.getReadOnlyProperty();
  }

  /** The lesson that is given. */
  public Optional<Lesson> lesson() {
    return Optional.ofNullable(lesson.get());
  }

  /** Begins a lesson on a fresh laboratory, at its first step. */
  public void begin(Lesson given) {
    begin(given, List.of());
  }

  /** Goes on with a lesson where a journal of it ends. */
  public void begin(Lesson given, List<Command> journal) {
    pause();
    turn.now(
        end -> {
          steps.clear();
          file = Optional.empty();
          told = Optional.of(given);
          progress.set(new Progress(Optional.of(given.preset()), 0));
          lesson.set(given);
          model.change(lab -> new LessonTrack(given, lab).begin(journal), new Going(end));
        });
  }

  /** Goes to a step of the lesson, counted from 0. */
  public void goTo(int step) {
    Lesson given = lesson.get();
    if (given != null && step >= 0 && step < given.steps().size()) {
      turn.tryNow(end -> model.change(lab -> new LessonTrack(given, lab).go(step), new Going(end)));
    }
  }

  /** A lesson on its way to a step. */
  private final class Going implements Asker<Optional<Result.Refused>> {

    private final Runnable end;

    Going(Runnable end) {
      this.end = end;
    }

    @Override
    public void answered(Optional<Result.Refused> refused) {
      refused.ifPresent(no -> notices.tell(Role.BAD, no.sentence()));
    }

    @Override
    public void failed() {
      pause();
    }

    @Override
    public void ended() {
      end.run();
      follow();
    }
  }

  /** Follows the journal, wherever undo, redo or own commands lead. */
  private void follow() {
    Lesson given = lesson.get();
    if (given != null && !turn.isTaken()) {
      model.ask(
          view -> LessonTrack.done(given, view.journal(), view.position()),
          done -> {
            if (lesson.get() == given && done != progress().done()) {
              progress.set(new Progress(progress().preset(), done));
            }
          });
    }
  }

  /** Starts a preset on a fresh laboratory and carries out its first {@code steps} steps. */
  public void load(Preset preset, int steps) {
    load(preset, Optional.empty(), steps);
  }

  /** Starts a preset from a file and carries out its first step. */
  public void open(Preset preset, Path from) {
    load(preset, Optional.of(from), 1);
  }

  private void load(Preset preset, Optional<Path> from, int steps) {
    pause();
    int count = Math.min(steps, preset.steps().size());
    // A step under way belongs to what was played before; it ends first.
    turn.now(
        end ->
            model.change(
                Work.named("work.preset", preset.name()),
                lab -> afresh(lab, preset, count),
                new Loading(preset, from, end)));
  }

  private static List<Outcome> afresh(Laboratory lab, Preset preset, int count) {
    lab.clear();
    return preset.steps().stream().limit(count).map(step -> carryOut(lab, step)).toList();
  }

  /** A preset that is being loaded; one that cannot be is not played. */
  private final class Loading implements Asker<List<Outcome>> {

    private final Preset preset;
    private final Optional<Path> from;
    private final Runnable end;

    Loading(Preset preset, Optional<Path> from, Runnable end) {
      this.preset = preset;
      this.from = from;
      this.end = end;
    }

    @Override
    public void answered(List<Outcome> outcomes) {
      steps.clear();
      file = from;
      told = told(preset, from);
      lesson.set(null);
      outcomes.forEach(PresetPlayer.this::keep);
      progress.set(new Progress(Optional.of(preset), outcomes.size()));
    }

    @Override
    public void failed() {
      forget();
    }

    @Override
    public void ended() {
      end.run();
    }
  }

  /**
   * Starts a preset and goes to where there is most to see: up to the first step in which a device
   * does DMA, or to the end if none does.
   */
  public void show(Preset preset) {
    int steps = 0;
    while (steps < preset.steps().size() && !doesDma(preset.steps().get(steps))) {
      steps++;
    }
    load(preset, steps + 1);
  }

  private static boolean doesDma(Preset.Step step) {
    return step.commands().stream()
        .anyMatch(each -> each instanceof Command.DmaWrite || each instanceof Command.DmaRead);
  }

  /** Forgets the preset; the laboratory stays as it is. */
  public void forget() {
    pause();
    steps.clear();
    told = Optional.empty();
    lesson.set(null);
    progress.set(new Progress(Optional.empty(), 0));
  }

  /** Where the player stands, for the next start of the program. */
  public Optional<Place> place() {
    return progress().preset().map(each -> new Place(each.name(), file.orElse(null), spans()));
  }

  private List<Span> spans() {
    return steps.stream().map(Taken::span).toList();
  }

  /** Stands where it stood in an earlier program, whose journal the laboratory has. */
  public void resume(Preset preset, Place place) {
    pause();
    steps.clear();
    lesson.set(null);
    place.steps().stream()
        .limit(preset.steps().size())
        .forEach(span -> steps.add(new Taken(span, Optional.empty())));
    file = Optional.ofNullable(place.file());
    told = told(preset, file);
    progress.set(new Progress(Optional.of(preset), done(model.facts().position())));
  }

  /** Goes on with a lesson that the laboratory has in its journal already. */
  public void resume(Lesson given) {
    pause();
    steps.clear();
    file = Optional.empty();
    told = Optional.of(given);
    lesson.set(given);
    progress.set(new Progress(Optional.of(given.preset()), 0));
    follow();
  }

  /** Carries out the next step. */
  public void step() {
    if (lesson.get() != null) {
      goTo(progress().done());
      return;
    }
    progress().next().ifPresent(next -> turn.tryNow(end -> carryOut(next, end)));
  }

  private void carryOut(Preset.Step next, Runnable end) {
    while (steps.size() > progress().done()) {
      steps.removeLast();
    }
    model.change(Work.named("work.step"), lab -> carryOut(lab, next), new Stepping(end));
  }

  /** A step that is being carried out. */
  private final class Stepping implements Asker<Outcome> {

    private final Runnable end;

    Stepping(Runnable end) {
      this.end = end;
    }

    @Override
    public void answered(Outcome outcome) {
      keep(outcome);
      progress.set(new Progress(progress().preset(), steps.size()));
    }

    @Override
    public void failed() {
      pause();
    }

    @Override
    public void givenUp() {
      pause();
    }

    @Override
    public void ended() {
      end.run();
    }
  }

  /** Takes the latest step back, with everything done after it. */
  public void stepBack() {
    int done = progress().done();
    if (lesson.get() != null) {
      goTo(done - 2);
      return;
    }
    if (!turn.isTaken() && done > 0) {
      model.rewind(steps.get(done - 1).span().start());
    }
  }

  /** Goes back to before the first step. */
  public void restart() {
    if (lesson.get() != null) {
      goTo(0);
      return;
    }
    if (!turn.isTaken() && !steps.isEmpty()) {
      model.rewind(steps.getFirst().span().start());
    }
  }

  /** Goes from step to step until the end, each standing for as long as it takes to read it. */
  public void play() {
    if (progress().next().isEmpty()) {
      return;
    }
    playing.set(true);
    if (lesson.get() == null) {
      step();
    }
    await();
  }

  /** The next step once there was time to read this one. */
  private void await() {
    Duration time =
        progress()
            .current()
            .map(step -> ReadingTime.of(step, language, pace.get()))
            .orElse(Duration.ZERO);
    clock.after(
        time,
        () -> {
          beats.set(beats.get() + 1);
          step();
          await();
        });
  }

  /** A step that has just come is read from its beginning; the last ends the play. */
  private void came() {
    if (playing.get() && progress().next().isEmpty()) {
      pause();
    } else if (playing.get()) {
      await();
    }
  }

  /** How often it went on by itself so far. */
  public ReadOnlyIntegerProperty beatsProperty() {
    return beats.getReadOnlyProperty();
  }

  /** How much faster than an ordinary reader it plays: 1 is as fast, 2 twice as fast. */
  public DoubleProperty paceProperty() {
    return pace;
  }

  /** The language in which steps are read while playing. */
  public void setLanguage(String tag) {
    language = tag;
  }

  /** Stops going by itself. */
  public void pause() {
    clock.stop();
    playing.set(false);
  }

  private record Outcome(Taken step, Optional<Result.Refused> refused) {}

  /**
   * A step that was carried out.
   *
   * @param span its commands
   * @param deed the last of them that did something; empty if that is not known
   */
  private record Taken(Span span, Optional<JournalEntry> deed) {

    /** Tells whether it was undone and a command of one's own took its place. */
    @SuppressWarnings("ReferenceEquality")
    boolean isReplaced(LabFacts facts) {
      return span.end() > facts.commands()
          || (span.end() == facts.position()
              && deed.isPresent()
              && facts.last().isPresent()
              && deed.get() != facts.last().get());
    }
  }

  private static Outcome carryOut(Laboratory lab, Preset.Step step) {
    int start = lab.position();
    Optional<Result.Refused> refused = Optional.empty();
    for (var command : step.commands()) {
      org.iommulab.progress.Progress.report(lab.position() - start, step.commands().size());
      if (lab.execute(command) instanceof Result.Refused no && refused.isEmpty()) {
        refused = Optional.of(no);
      }
    }
    int end = lab.position();
    return new Outcome(
        new Taken(new Span(start, end), LabFacts.lastDeed(lab.journal(), end)), refused);
  }

  private void keep(Outcome outcome) {
    steps.add(outcome.step());
    outcome.refused().ifPresent(no -> notices.tell(Role.BAD, no.sentence()));
  }

  private void showDone(LabFacts facts) {
    if (lesson.get() != null) {
      follow();
      return;
    }
    if (turn.isTaken()) {
      return;
    }
    steps.removeIf(step -> step.isReplaced(facts));
    int done = done(facts.position());
    if (done != progress().done()) {
      progress.set(new Progress(progress().preset(), done));
    }
  }

  private int done(int position) {
    return (int) steps.stream().takeWhile(step -> step.span().end() <= position).count();
  }
}
