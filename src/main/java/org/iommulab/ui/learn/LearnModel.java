package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import org.iommulab.course.Fault;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.stage.StageModel;

/** The start page: what can be learned, how far one has come, what to go on with. */
@Singleton
public final class LearnModel {

  private final StageModel stage;
  private final Progress progress;
  private final OwnLessons own;
  private final Notices notices;
  private final List<Shelf> shelves;
  private final ReadOnlyBooleanWrapper showing = new ReadOnlyBooleanWrapper(this, "showing");

  @Inject
  public LearnModel(
      StageModel stage, Progress progress, OwnLessons own, Notices notices, Set<Shelf> shelves) {
    this.stage = stage;
    this.progress = progress;
    this.own = own;
    this.notices = notices;
    this.shelves = shelves.stream().sorted(Comparator.comparingInt(Shelf::order)).toList();
    stage.showingProperty().subscribe(onStage -> showing.set(showing.get() && !onStage));
  }

  /** Whether the start page shows. */
  public ReadOnlyBooleanProperty showingProperty() {
    return showing.getReadOnlyProperty();
  }

  /** Shows the start page. */
  public void open() {
    stage.leave();
    showing.set(true);
  }

  /** Shows the workbench. */
  public void leave() {
    showing.set(false);
  }

  Progress.Of progress(Lesson lesson) {
    return progress.of(lesson.name());
  }

  List<Lesson> course() {
    return Lessons.course();
  }

  List<Lesson> presets() {
    return Lessons.presets();
  }

  List<Lesson> own() {
    return own.all();
  }

  List<Shelf> shelves() {
    return shelves;
  }

  /** The lesson to go on with. */
  Optional<Lesson> latest() {
    return progress
        .latest()
        .flatMap(
            name ->
                Stream.concat(Lessons.all().stream(), own.all().stream())
                    .filter(lesson -> lesson.name().equals(name))
                    .findFirst());
  }

  /** Begins a lesson at its first step. */
  void begin(Lesson lesson) {
    showing.set(false);
    stage.begin(lesson);
  }

  /** Goes on where a lesson was left, or begins it. */
  public void goOn(Lesson lesson) {
    if (progress(lesson).begun()) {
      resume(lesson);
    } else {
      begin(lesson);
    }
  }

  /** Goes on where a lesson was left. */
  void resume(Lesson lesson) {
    showing.set(false);
    stage.begin(lesson, progress.read(lesson.name()));
  }

  /** Opens a dropped lesson, or takes the lessons of a dropped folder; tells if it cannot. */
  void take(Path file) {
    if (Files.isDirectory(file)) {
      own.use(file);
      return;
    }
    Lesson.Read read = Lesson.read(file);
    if (read.lesson().isEmpty() || !read.faults().isEmpty()) {
      Fault fault = read.faults().getFirst();
      notices.tell(Role.BAD, fault.in(file.toString()));
      return;
    }
    own.add(file);
    begin(read.lesson().get());
  }
}
