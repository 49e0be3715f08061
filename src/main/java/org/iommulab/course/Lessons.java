package org.iommulab.course;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.iommulab.lab.script.Presets;

/** The lessons that ship with the program: the course, then the presets. */
public final class Lessons {

  private static final List<String> COURSE =
      List.of(
          "introduction", "swiotlb", "hardware", "enabling", "initialisation", "coherent", "chain");

  private Lessons() {}

  /** The seven lessons of the course, in order. */
  public static List<Lesson> course() {
    return Shipped.COURSE_LESSONS;
  }

  /** The presets as lessons. */
  public static List<Lesson> presets() {
    return Shipped.PRESET_LESSONS;
  }

  /** All of them. */
  public static List<Lesson> all() {
    return Stream.concat(course().stream(), presets().stream()).toList();
  }

  /** The lesson of that name. */
  public static Optional<Lesson> named(String name) {
    return all().stream().filter(lesson -> lesson.name().equals(name)).findFirst();
  }

  /** Read when first asked for. */
  private static final class Shipped {
    static final List<Lesson> COURSE_LESSONS =
        COURSE.stream().map(name -> read(name, "course/" + name)).toList();
    static final List<Lesson> PRESET_LESSONS =
        Presets.all().stream().map(preset -> read(preset.name(), preset.name())).toList();

    private static Lesson read(String name, String path) {
      Lesson.Read read = Lesson.parse(name, text("/org/iommulab/presets/" + path + ".yaml"));
      return read.lesson()
          .orElseThrow(() -> new IllegalStateException(read.faults().getFirst().in(path)));
    }

    private static String text(String resource) {
      try (InputStream in = Lessons.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException(resource + " is missing in the program");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
