package org.iommulab.course;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.TextFile;
import org.iommulab.words.Bilingual;

/**
 * A session as it was saved: commands with their lines in the file.
 *
 * @param name who handed it in, or where it came from
 * @param lines in order
 */
public record Journal(String name, List<Line> lines) {

  /** Longer than any session of a class. */
  private static final int MOST_MIB = 64;

  /** A command and its line, counted from 1. */
  public record Line(int number, Command command) {}

  public Journal {
    lines = List.copyOf(lines);
  }

  /** Reads the text of a journal; a failure names the line. */
  public static Reading<Journal> parse(String name, String text) {
    var lines = new ArrayList<Line>();
    int number = 0;
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (String line : body.split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      switch (Command.parse(line)) {
        case Reading.Good<Command>(Command command) -> lines.add(new Line(number, command));
        case Reading.Bad<Command>(Bilingual sentence) -> {
          return new Reading.Bad<>(String.format(Locale.ROOT, "line %d: %s", number, sentence));
        }
      }
    }
    return new Reading.Good<>(new Journal(name, lines));
  }

  /** Whose session a file is: its name without the ending. */
  public static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.jsonl?$", "");
  }

  /** Reads a journal file; the name is that of the file without its ending. */
  public static Reading<Journal> read(Path file) {
    if (Files.notExists(file)) {
      return new Reading.Bad<>("there is no such file");
    }
    if (Files.isDirectory(file)) {
      return new Reading.Bad<>("there is no session (*.jsonl) in this folder");
    }
    try {
      return parse(nameOf(file), TextFile.read(file, "this", MOST_MIB));
    } catch (Complaint e) {
      return new Reading.Bad<>(e.words());
    }
  }
}
