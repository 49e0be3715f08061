package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.evidence.Sample;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.session.EarlierSession;
import org.iommulab.ui.Faces;
import org.iommulab.ui.Texts;
import org.iommulab.ui.file.FileOpener;
import org.iommulab.ui.file.RecentFiles;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.learn.Shelf;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.words.Bilingual;

/**
 * What can be opened by a name: lessons, presets, dumps, files, sessions; for menus and palette.
 */
final class Openables {

  private static final DateTimeFormatter ENDED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private final Texts texts;
  private final PresetPlayer player;
  private final LearnModel learn;
  private final Set<Shelf> shelves;
  private final RecentFiles recent;
  private final Recovery recovery;
  private final FileOpener opener;
  private final Faces faces;

  @Inject
  Openables(
      Texts texts,
      PresetPlayer player,
      LearnModel learn,
      Set<Shelf> shelves,
      RecentFiles recent,
      Recovery recovery,
      FileOpener opener,
      Faces faces) {
    this.texts = texts;
    this.player = player;
    this.learn = learn;
    this.shelves = shelves;
    this.recent = recent;
    this.recovery = recovery;
    this.opener = opener;
    this.faces = faces;
  }

  /**
   * Something to open.
   *
   * @param id stable among its kind, such as {@code stale-iotlb}
   * @param name what a person reads, in the language in use
   * @param also other words by which a person may look for it
   */
  record Openable(String id, Supplier<String> name, String also, Runnable open) {}

  /** The lessons of the course, in order. */
  List<Openable> lessons() {
    return Lessons.course().stream()
        .map(lesson -> preset(lesson.preset(), () -> goOn(lesson)))
        .toList();
  }

  /** Exercises and broken drivers: what the start page has besides lessons and presets. */
  Set<Shelf> shelves() {
    return shelves;
  }

  /** What stands on one of them. */
  List<Openable> on(Shelf shelf) {
    return shelf.items().stream()
        .map(
            item ->
                new Openable(
                    item.id(),
                    () -> texts.in(item.title()),
                    inEveryLanguage(item.title()),
                    () -> {
                      faces.leave();
                      item.open().run();
                    }))
        .toList();
  }

  /** The presets, in order. */
  List<Openable> presets() {
    return Presets.all().stream().map(preset -> preset(preset, () -> play(preset))).toList();
  }

  /** On the stage, whatever else has the window. */
  private void goOn(Lesson lesson) {
    faces.leave();
    learn.goOn(lesson);
  }

  /** In the workbench, whatever else has the window. */
  private void play(Preset preset) {
    faces.leave();
    player.load(preset, 1);
  }

  private Openable preset(Preset preset, Runnable open) {
    return new Openable(
        preset.name(),
        () -> texts.in(preset.title()),
        preset.name() + " " + inEveryLanguage(preset.title()),
        open);
  }

  /** The dumps that ship with the program. */
  List<Openable> samples() {
    return Stream.of(Sample.values())
        .map(
            sample -> {
              String key = "sample." + sample.id();
              return new Openable(
                  sample.id(),
                  () -> texts.get(key),
                  texts.inEveryLanguage(key) + " " + texts.inEveryLanguage("menu.samples"),
                  () -> opener.open(sample));
            })
        .toList();
  }

  /** The files that were opened last. */
  List<Openable> recent() {
    return recent.files().stream()
        .map(
            file ->
                new Openable(
                    file.toString(),
                    file::toString,
                    texts.inEveryLanguage("menu.recent"),
                    () -> opener.open(file)))
        .toList();
  }

  /** The sessions that ended well, the newest first. */
  List<Openable> earlier() {
    return recovery.earlier().stream()
        .map(
            session ->
                new Openable(
                    session.path().toString(),
                    () -> words(session),
                    texts.inEveryLanguage("menu.earlier") + " " + session.name(),
                    () -> recovery.reopen(session)))
        .toList();
  }

  private String words(EarlierSession session) {
    String of = title(session.name());
    String words = texts.get("earlier.session", ENDED.format(session.end()), session.commands());
    return of.isEmpty() ? words : words + " · " + of;
  }

  private String title(String name) {
    return Presets.named(name)
        .or(() -> Lessons.named(name).map(Lesson::preset))
        .map(preset -> texts.in(preset.title()))
        .orElse(name);
  }

  private static String inEveryLanguage(Bilingual words) {
    return words.english() + " " + words.chinese();
  }
}
