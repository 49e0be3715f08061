package org.iommulab.ui.editor;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.course.Draft;
import org.iommulab.course.Fault;
import org.iommulab.course.Lesson;
import org.iommulab.course.LessonCheck;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.settings.SafeFile;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.vtd.cache.CacheLine;

/** A lesson in the making. What was done since the last step becomes the next one. */
@Singleton
public final class EditorModel {

  private final LabModel model;
  private final Selection selection;
  private final StageModel stage;
  private final Texts texts;
  private final StringProperty title = new SimpleStringProperty(this, "title", "");
  private final StringProperty goal = new SimpleStringProperty(this, "goal", "");
  private final ObservableList<Draft.Step> steps = FXCollections.observableArrayList();
  private final ObservableList<Map<String, Object>> shows = FXCollections.observableArrayList();
  private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper(this, "message", "");
  private int recordedTo;

  @Inject
  public EditorModel(LabModel model, Selection selection, StageModel stage, Texts texts) {
    this.model = model;
    this.selection = selection;
    this.stage = stage;
    this.texts = texts;
  }

  StringProperty titleProperty() {
    return title;
  }

  StringProperty goalProperty() {
    return goal;
  }

  /** The steps so far. */
  ObservableList<Draft.Step> steps() {
    return steps;
  }

  /** What the next step points at. */
  ObservableList<Map<String, Object>> shows() {
    return shows;
  }

  /** What became of the latest request, in words. */
  ReadOnlyStringProperty messageProperty() {
    return message.getReadOnlyProperty();
  }

  /** Begins a lesson: what was done before now belongs to its first step, if {@code all}. */
  void start(boolean all) {
    steps.clear();
    shows.clear();
    model.ask(
        LabView::position,
        position -> {
          recordedTo = all ? 0 : position;
          message.set(texts.get("editor.started"));
        });
  }

  /** Points at what is selected, in a pane. */
  void outline(String pane) {
    Selected thing = selection.get();
    model.ask(
        view -> show(view, pane, thing),
        show -> {
          shows.removeIf(other -> other.equals(show));
          shows.add(show);
        });
  }

  /** Adds what was done since the last step as a new one. */
  void add(String heading, String note, Optional<Draft.Ask> ask, String why) {
    List<Map<String, Object>> pointed = List.copyOf(shows);
    model.ask(
        this::doneSince,
        done -> {
          recordedTo += done.taken();
          steps.add(new Draft.Step(heading, note, pointed, done.commands(), ask, why));
          shows.clear();
          message.set(texts.get("editor.added", steps.size(), done.commands().size()));
        });
  }

  private record Done(int taken, List<Command> commands) {}

  /** Answers and the stage's own marks are no part of a lesson. */
  private Done doneSince(LabView view) {
    var commands = new ArrayList<Command>();
    int from = Math.min(recordedTo, view.position());
    for (JournalEntry entry : view.journal().subList(from, view.position())) {
      switch (entry.command()) {
        case Command.Answer _, Command.Hint _, Command.Note _ -> {
          // Left out.
        }
        case Command command -> commands.add(command);
      }
    }
    return new Done(view.position() - from, commands);
  }

  void remove(int step) {
    if (step >= 0 && step < steps.size()) {
      steps.remove(step);
    }
  }

  /** Moves a step up; answers where it is then. */
  int up(int step) {
    if (step <= 0 || step >= steps.size()) {
      return step;
    }
    steps.add(step - 1, steps.remove(step));
    return step - 1;
  }

  private Draft draft() {
    String language = texts.locale().getLanguage().equals("zh") ? "zh" : "en";
    return new Draft(title.get(), goal.get(), language, steps);
  }

  /** The lesson as it would be saved. */
  String yaml() {
    return draft().toYaml();
  }

  /** Checks the lesson and says what is wrong first. */
  void check(Consumer<List<Fault>> onFx) {
    String yaml = yaml();
    model.ask(
        view -> LessonCheck.of(Lesson.parse("lesson", yaml)),
        faults -> {
          message.set(
              faults.isEmpty()
                  ? texts.get("editor.sound", steps.size())
                  : texts.get("editor.faults", faults.size(), faults.getFirst().sentence()));
          onFx.accept(faults);
        });
  }

  /** Gives the lesson on stage, as a learner would see it. */
  void preview() {
    Lesson.Read read = Lesson.parse("lesson", yaml());
    if (read.lesson().isPresent() && read.faults().isEmpty()) {
      stage.begin(read.lesson().get());
    } else {
      message.set(read.faults().isEmpty() ? "" : read.faults().getFirst().sentence());
    }
  }

  /** Saves it; tells if that does not work. */
  void save(Path file) {
    try {
      SafeFile.write(file, yaml());
      message.set(texts.get("editor.saved", file.toString()));
    } catch (IOException e) {
      message.set(texts.get("editor.unsaved", file.toString()));
    }
  }

  private static Map<String, Object> show(LabView view, String pane, Selected thing) {
    var show = new LinkedHashMap<String, Object>();
    show.put("pane", pane);
    switch (thing) {
      case Selected.Address(var source, long iova) -> {
        show.put("device", source.toString());
        show.put("iova", iova);
      }
      case Selected.DomainAddress(int domain, long iova) -> {
        show.put("domain", (long) domain);
        show.put("iova", iova);
      }
      case Selected.Device(var source) -> show.put("device", source.toString());
      case Selected.Domain(int domain) -> show.put("domain", (long) domain);
      case Selected.Register(int unit, String name) -> show.put("register", name);
      case Selected.Fault(int index) -> show.put("fault", (long) index);
      case Selected.Stage(int index) -> show.put("stage", (long) index);
      case Selected.Call(var frame) -> show.put("call", frame.function());
      case Selected.Bytes(long address, long length) -> show.put("address", address);
      case Selected.Entry(long address, var layout, String name) -> show.put("address", address);
      case Selected.Cached(String cache, int set, int way) ->
          view.unit().stream()
              .flatMap(unit -> unit.iotlb().stream())
              .filter(line -> line.set() == set && line.way() == way)
              .findFirst()
              .ifPresent(line -> cached(show, line));
      case Selected.JournalLine _, Selected.Nothing _ -> {
        // The pane alone.
      }
    }
    return show;
  }

  private static void cached(Map<String, Object> show, CacheLine line) {
    show.put("domain", (long) line.domain());
    show.put("iova", line.page());
  }
}
