package org.iommulab.ui.program;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.language.Reading;
import org.jspecify.annotations.Nullable;

/**
 * A program to run.
 *
 * @param command it and its arguments
 * @param machine a script or preset that sets up machine and kernel; empty for the laboratory as it
 *     is in the window
 * @param era which Linux is booted if none runs
 * @param record where every request is written too; null for nowhere
 * @param closed its first call waits
 */
public record Order(
    List<String> command, String machine, String era, @Nullable Path record, boolean closed) {

  public Order {
    command = List.copyOf(command);
  }

  /** What a person typed; a key of the texts if something is wrong with it. */
  static Reading<Order> read(
      String line, String machine, String era, String record, boolean closed) {
    List<String> words = words(line);
    if (words.isEmpty()) {
      return new Reading.Bad<>("program.no-command");
    }
    try {
      Path log = record.isBlank() ? null : Path.of(record.strip());
      return new Reading.Good<>(new Order(words, machine.strip(), era.strip(), log, closed));
    } catch (InvalidPathException e) {
      return new Reading.Bad<>("program.no-path");
    }
  }

  /** The words of a command line: between blanks, or in quotes; a backslash takes what follows. */
  static List<String> words(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean begun = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        begun = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        begun = true;
      } else if (Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }
}
