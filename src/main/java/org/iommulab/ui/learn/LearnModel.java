package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.course.Fault;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.learn.StartPage.First;
import org.iommulab.ui.learn.StartPage.Section;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.ui.view.part.Phrase;

/** The start page: what can be learned, how far one has come, what to go on with. */
@Singleton
public final class LearnModel {

  private static final int MINUTE = 60;

  private final StageModel stage;
  private final Progress progress;
  private final OwnLessons own;
  private final Notices notices;
  private final List<Shelf> shelves;
  private final ReadOnlyBooleanWrapper showing = new ReadOnlyBooleanWrapper(this, "showing");
  private final ReadOnlyObjectWrapper<StartPage> page =
      new ReadOnlyObjectWrapper<>(this, "page", StartPage.NONE);

  @Inject
  public LearnModel(
      StageModel stage, Progress progress, OwnLessons own, Notices notices, Set<Shelf> shelves) {
    this.stage = stage;
    this.progress = progress;
    this.own = own;
    this.notices = notices;
    this.shelves = shelves.stream().sorted(Comparator.comparingInt(Shelf::order)).toList();
    stage.showingProperty().subscribe(onStage -> showing.set(showing.get() && !onStage));
    showing.subscribe(shows -> look());
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

  /** What stands on it; nothing while it does not show. */
  ReadOnlyObjectProperty<StartPage> pageProperty() {
    return page.getReadOnlyProperty();
  }

  private void look() {
    page.set(showing.get() ? new StartPage(first(), sections()) : StartPage.NONE);
  }

  private List<Section> sections() {
    var sections = new ArrayList<Section>();
    sections.add(section("learn.course", Lessons.course(), true));
    shelves.stream()
        .map(shelf -> new Section(shelf.titleKey(), shelf.items(), false))
        .filter(section -> !section.items().isEmpty())
        .forEach(sections::add);
    sections.add(section("learn.presets", Lessons.presets(), false));
    sections.add(section("learn.own", own.all(), false));
    return sections;
  }

  private Section section(String titleKey, List<Lesson> lessons, boolean numbered) {
    return new Section(titleKey, lessons.stream().map(this::item).toList(), numbered);
  }

  private Shelf.Item item(Lesson lesson) {
    Progress.Of of = progress.of(lesson.name());
    return new Shelf.Item(
        lesson.name(),
        lesson.title(),
        lesson.goal(),
        figures(lesson, of),
        (double) of.step() / lesson.steps().size(),
        () -> begin(lesson));
  }

  private static Phrase figures(Lesson lesson, Progress.Of of) {
    int steps = lesson.steps().size();
    int questions = lesson.questions().size();
    if (of.begun()) {
      int minutes = (int) Math.ceilDiv(of.seconds(), MINUTE);
      return Phrase.of("learn.progress", of.step(), steps, of.right(), of.answered(), minutes);
    }
    return lesson.minutes() > 0
        ? Phrase.of("learn.size", steps, questions, lesson.minutes())
        : Phrase.of("learn.size-short", steps, questions);
  }

  private First first() {
    return latest()
        .map(
            lesson ->
                new First(
                    "learn-continue",
                    Phrase.of(
                        "learn.continue",
                        lesson.title(),
                        progress.of(lesson.name()).step(),
                        lesson.steps().size()),
                    () -> resume(lesson)))
        .orElseGet(
            () ->
                new First(
                    "learn-first",
                    Phrase.of("learn.first"),
                    () -> begin(Lessons.course().getFirst())));
  }

  /** The lesson to go on with, if one was begun. */
  private Optional<Lesson> latest() {
    return progress
        .latest()
        .flatMap(
            name ->
                Stream.concat(Lessons.all().stream(), own.all().stream())
                    .filter(lesson -> lesson.name().equals(name))
                    .findFirst())
        .filter(lesson -> progress.of(lesson.name()).begun());
  }

  /** Opens what was chosen. */
  void choose(Shelf.Item item) {
    leave();
    item.open().run();
  }

  /** Begins a lesson at its first step. */
  private void begin(Lesson lesson) {
    showing.set(false);
    stage.begin(lesson);
  }

  /** Goes on where a lesson was left, or begins it. */
  public void goOn(Lesson lesson) {
    if (progress.of(lesson.name()).begun()) {
      resume(lesson);
    } else {
      begin(lesson);
    }
  }

  /** Goes on where a lesson was left. */
  private void resume(Lesson lesson) {
    showing.set(false);
    stage.begin(lesson, progress.read(lesson.name()));
  }

  /** Opens a dropped lesson, or takes the lessons of a dropped folder; tells if it cannot. */
  void take(Path file) {
    if (Files.isDirectory(file)) {
      own.use(file);
      look();
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
