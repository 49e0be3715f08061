package org.iommulab.ui.stage;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.iommulab.course.Key;
import org.iommulab.course.Lesson;
import org.iommulab.course.Question;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.player.Pointer;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** A lesson on stage: what is told, asked and answered. Its state is what the journal says. */
@Singleton
public final class StageModel {

  private final LabModel model;
  private final PresetPlayer player;
  private final Selection selection;
  private final Notices notices;
  private final Executor fx;
  private final ReadOnlyBooleanWrapper showing = new ReadOnlyBooleanWrapper(this, "showing");
  private final ReadOnlyObjectWrapper<Optional<Situation>> situation =
      new ReadOnlyObjectWrapper<>(this, "situation", Optional.empty());
  private final ObjectProperty<@Nullable Object> choice =
      new SimpleObjectProperty<>(this, "choice");
  private final Map<String, Hands> hands = new HashMap<>();
  private Optional<Key> key = Optional.empty();

  @Inject
  public StageModel(
      LabModel model,
      PresetPlayer player,
      Selection selection,
      Notices notices,
      @FxThread Executor fx) {
    this.model = model;
    this.player = player;
    this.selection = selection;
    this.notices = notices;
    this.fx = fx;
    player.lessonProperty().subscribe(this::given);
    player.progressProperty().subscribe(progress -> refresh());
    model.snapshotProperty().subscribe(number -> refresh());
    selection.selectedProperty().subscribe(this::clicked);
  }

  /**
   * How far a lesson has come, for those who keep count.
   *
   * @param lesson its name
   * @param step the step on stage, counted from 1
   * @param steps how many there are
   * @param right questions answered rightly at once
   * @param answered questions answered
   * @param questions how many there are
   */
  public record Standing(
      String lesson, int step, int steps, int right, int answered, int questions) {}

  /** How far the lesson on stage has come; empty while none is given. */
  public ObservableValue<Optional<Standing>> standingProperty() {
    return situation.map(now -> now.filter(each -> each.step() >= 0).map(StageModel::standing));
  }

  private static Standing standing(Situation now) {
    return new Standing(
        now.lesson().name(),
        now.step() + 1,
        now.lesson().steps().size(),
        now.rightAtOnce(),
        now.answered(),
        now.lesson().questions().size());
  }

  /** Whether the stage shows. */
  public ReadOnlyBooleanProperty showingProperty() {
    return showing.getReadOnlyProperty();
  }

  /** Where the lesson stands; empty while none is given. */
  ReadOnlyObjectProperty<Optional<Situation>> situationProperty() {
    return situation.getReadOnlyProperty();
  }

  Optional<Situation> situation() {
    return situation.get();
  }

  /** What is chosen or typed, but not answered yet; null if nothing is. */
  ObjectProperty<@Nullable Object> choiceProperty() {
    return choice;
  }

  /** The show of hands for a question. */
  Hands hands(Question question) {
    return hands.computeIfAbsent(question.id(), id -> new Hands(question.options().size()));
  }

  /** Begins a lesson and shows the stage. */
  public void begin(Lesson lesson) {
    begin(lesson, List.of());
  }

  /** Goes on with a lesson where its journal ends, and shows the stage. */
  public void begin(Lesson lesson, List<Command> journal) {
    hands.clear();
    player.begin(lesson, journal);
    showing.set(true);
  }

  /** Shows the stage again, where it was left. */
  public void open() {
    if (player.lesson().isPresent()) {
      showing.set(true);
      situation().ifPresent(this::point);
    }
  }

  /** Shows the workbench; the lesson stays where it is. */
  public void leave() {
    showing.set(false);
  }

  /** Answers what is chosen; without a choice, goes to the next step. */
  void forward() {
    Situation now = situation().orElse(null);
    if (now == null) {
      return;
    }
    Object given = choice.get();
    if (given != null && now.open().isPresent()) {
      answer(given);
    } else if (!now.isLast()) {
      player.step();
    }
  }

  /** The step before. */
  void back() {
    player.stepBack();
  }

  /** Chooses an option by its number, counted from 1. */
  void choose(int number) {
    situation()
        .flatMap(Situation::open)
        .filter(question -> number >= 1 && number <= question.options().size())
        .ifPresent(question -> choice.set(question.options().get(number - 1).is()));
  }

  /** Answers the open question. */
  void answer(Object given) {
    situation()
        .flatMap(Situation::open)
        .ifPresent(
            question -> {
              choice.set(null);
              model.submit(new Command.Answer(question.id(), given));
            });
  }

  /** Takes the next hint of the open question. */
  void hint() {
    situation()
        .ifPresent(
            now ->
                now.open()
                    .filter(question -> now.hintsOf(question) < question.hints().size())
                    .ifPresent(question -> model.submit(new Command.Hint(question.id()))));
  }

  private void given(@Nullable Lesson lesson) {
    key = Optional.empty();
    choice.set(null);
    if (lesson == null) {
      situation.set(Optional.empty());
      showing.set(false);
      return;
    }
    CompletableFuture.supplyAsync(() -> Key.of(lesson), Thread::startVirtualThread)
        .thenAcceptAsync(reading -> worked(lesson, reading), fx);
  }

  private void worked(Lesson lesson, Reading<Key> reading) {
    if (player.lesson().filter(lesson::equals).isEmpty()) {
      return;
    }
    switch (reading) {
      case Reading.Good<Key>(Key good) -> key = Optional.of(good);
      case Reading.Bad<Key>(Bilingual sentence) -> notices.tell(Role.BAD, sentence);
    }
    refresh();
  }

  private void refresh() {
    Lesson lesson = player.lesson().orElse(null);
    if (lesson == null) {
      return;
    }
    model.ask(
        view ->
            view.journal().subList(0, view.position()).stream().map(JournalEntry::command).toList(),
        journal -> arrived(lesson, journal));
  }

  private void arrived(Lesson lesson, List<Command> journal) {
    if (player.lesson().filter(lesson::equals).isEmpty()) {
      return;
    }
    var fresh = Situation.of(lesson, player.progress().done() - 1, key, journal);
    Optional<Situation> before = situation();
    boolean moved = before.map(Situation::step).filter(step -> step == fresh.step()).isEmpty();
    boolean other =
        !before.flatMap(Situation::open).equals(fresh.open())
            || before.filter(old -> old.tries().equals(fresh.tries())).isEmpty();
    if (moved || other) {
      choice.set(null);
    }
    situation.set(Optional.of(fresh));
    if (moved) {
      point(fresh);
    }
  }

  /** Selects what the step points at. */
  private void point(Situation now) {
    Pointer.point(model, selection, now.current().map(Lesson.Step::show).orElse(List.of()));
  }

  /** A thing that was clicked while a question asks for one. */
  private void clicked(Selected thing) {
    if (!showing.get()) {
      return;
    }
    situation()
        .flatMap(Situation::open)
        .filter(question -> question.kind() == Question.Kind.CLICK)
        .ifPresent(question -> model.ask(view -> Clicked.value(view, thing), this::take));
  }

  private void take(Optional<Object> value) {
    value.ifPresent(choice::set);
  }
}
