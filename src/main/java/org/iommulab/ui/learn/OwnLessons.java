package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.iommulab.course.Lesson;
import org.iommulab.ui.settings.Settings;

/** Lessons that somebody wrote or dropped here: files, and all lessons of a folder. */
@Singleton
public final class OwnLessons {

  private static final String FILES = "lessons.files";
  private static final String FOLDER = "lessons.folder";

  /** A folder with more lessons than that is no folder of lessons. */
  private static final int MOST = 100;

  private final Settings settings;

  @Inject
  public OwnLessons(Settings settings) {
    this.settings = settings;
  }

  /** Keeps a lesson's file, the latest first. */
  void add(Path file) {
    String name = file.toAbsolutePath().normalize().toString();
    var names = new ArrayList<>(settings.list(FILES));
    names.remove(name);
    names.addFirst(name);
    settings.put(FILES, names.subList(0, Math.min(MOST, names.size())));
    settings.save();
  }

  /** Takes the lessons of a folder. */
  void use(Path folder) {
    settings.put(FOLDER, folder.toAbsolutePath().normalize().toString());
    settings.save();
  }

  /** Those that can be read. */
  List<Lesson> all() {
    var files = new ArrayList<Path>();
    settings.list(FILES).forEach(name -> files.add(Path.of(name)));
    String folder = settings.text(FOLDER, "");
    if (!folder.isEmpty() && Files.isDirectory(Path.of(folder))) {
      try (Stream<Path> found = Files.list(Path.of(folder))) {
        found.filter(OwnLessons::isYaml).sorted().limit(MOST).forEach(files::add);
      } catch (IOException e) {
        // A folder that went away has no lessons.
      }
    }
    return files.stream()
        .distinct()
        .filter(Files::isRegularFile)
        .flatMap(file -> Lesson.read(file).lesson().stream())
        .toList();
  }

  /** Whether that may be a lesson, or a folder with some. */
  static boolean holds(Path file) {
    if (!Files.isDirectory(file)) {
      return isYaml(file);
    }
    try (Stream<Path> found = Files.list(file)) {
      return found.anyMatch(OwnLessons::isYaml);
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isYaml(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }
}
