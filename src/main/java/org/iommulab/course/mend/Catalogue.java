package org.iommulab.course.mend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;

/** The broken drivers and machines that ship with the program. */
public final class Catalogue {

  private static final String FOLDER = "/org/iommulab/presets/break-it/";

  private Catalogue() {}

  /** All of them, easy ones first within their subject. */
  public static List<Ailment> all() {
    return Shipped.ALL;
  }

  /** The one with that name. */
  public static Optional<Ailment> named(String name) {
    return all().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** An entry of somebody's own, from its text. */
  public static Reading<Ailment> read(String name, String yaml) {
    return AilmentReader.read(name, yaml);
  }

  private static final class Shipped {
    static final List<Ailment> ALL =
        AilmentReader.lines(text("index.txt")).stream().map(Shipped::entry).toList();

    private static Ailment entry(String name) {
      return switch (read(name, text(name + ".yaml"))) {
        case Reading.Good<Ailment>(Ailment ailment) -> ailment;
        case Reading.Bad<Ailment>(Bilingual sentence) ->
            throw new IllegalStateException(sentence.english());
      };
    }

    private static String text(String file) {
      try (InputStream in = Catalogue.class.getResourceAsStream(FOLDER + file)) {
        if (in == null) {
          throw new IllegalStateException(file + " is missing in the program");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
