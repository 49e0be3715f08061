package org.iommulab.ui.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.words.WhyNot;

/**
 * A text from the clipboard, read like a file. It stays on the disk until the program ends, because
 * more may be added to its case.
 */
final class Pasted {

  private Pasted() {}

  /**
   * Reads a text.
   *
   * @param sources of the case that is on show; the text is added to them
   */
  static Opened read(String text, List<Path> sources) {
    try {
      Path folder = Files.createTempDirectory("pasted");
      folder.toFile().deleteOnExit();
      Path file = folder.resolve("pasted-" + (sources.size() + 1) + ".txt");
      Files.writeString(file, text, StandardCharsets.UTF_8);
      file.toFile().deleteOnExit();
      return Opened.explained(Stream.concat(sources.stream(), Stream.of(file)).toList());
    } catch (IOException e) {
      return new Opened.Unreadable("The pasted text cannot be kept: " + WhyNot.written(e) + ".");
    }
  }
}
