package org.iommulab.ui.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;

/**
 * A text from the clipboard, read like a file. It is kept beside the sessions, because more may be
 * added to its case and a session may come back to it; the oldest texts go when there are many.
 */
final class Pasted {

  /** Bytes that all kept texts may have; the newest stays whatever its size. */
  private static final long LARGEST = 32L << 20;

  private static final String FOLDER = "pasted";

  private Pasted() {}

  /**
   * Reads a text.
   *
   * @param sources of the case that is on show; the text is added to them
   * @param state where what the program remembers lies
   */
  static Opened read(String text, List<Path> sources, Path state) {
    try {
      Path file = kept(state.resolve(FOLDER), "pasted-" + (sources.size() + 1) + ".txt", text);
      Opened opened = Opened.explained(Stream.concat(sources.stream(), Stream.of(file)).toList());
      // Where it is kept is of no use to whoever pasted it.
      return opened instanceof Opened.Unreadable(Bilingual sentence)
          ? new Opened.Unreadable(sentence.renamed(file.toString(), "the pasted text", "粘贴的文本"))
          : opened;
    } catch (IOException e) {
      return new Opened.Unreadable(
          Bilingual.of("The pasted text cannot be kept: %s.", "粘贴的文本无法保存：%s。", WhyNot.written(e)));
    }
  }

  private static Path kept(Path folder, String name, String text) throws IOException {
    try {
      Path file =
          written(Files.createTempDirectory(Files.createDirectories(folder), ""), name, text);
      prune(folder, file);
      return file;
    } catch (IOException e) {
      // It can be read all the same, as long as the program runs.
      Path passing = Files.createTempDirectory(FOLDER);
      passing.toFile().deleteOnExit();
      Path file = written(passing, name, text);
      file.toFile().deleteOnExit();
      return file;
    }
  }

  private static Path written(Path folder, String name, String text) throws IOException {
    try {
      return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      Files.deleteIfExists(folder.resolve(name));
      Files.deleteIfExists(folder);
      throw e;
    }
  }

  private static void prune(Path folder, Path newest) {
    try (Stream<Path> texts = Files.walk(folder, 2)) {
      long bytes = 0;
      for (Path text :
          texts
              .filter(Files::isRegularFile)
              .sorted(Comparator.comparingLong(text -> -text.toFile().lastModified()))
              .toList()) {
        bytes += text.toFile().length();
        if (bytes > LARGEST && !text.equals(newest)) {
          Files.deleteIfExists(text);
          Files.deleteIfExists(text.getParent());
        }
      }
    } catch (IOException e) {
      // Another program may have let some go; or they go the next time.
    }
  }
}
