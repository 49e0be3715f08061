package org.iommulab.lab.script;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.progress.Progress;

/**
 * A program: commands in JSON Lines, blank lines skipped.
 *
 * @param name where it came from, for messages
 * @param commands in order; a command's number is its index here
 */
public record Script(String name, List<Command> commands) {

  /** A million commands take less. */
  private static final int LARGEST_MIB = 64;

  public Script {
    commands = List.copyOf(commands);
  }

  /** Reads a program's text, loops laid out; a failure names the line. */
  public static Reading<Script> parse(String name, String text) {
    var commands = new ScriptLines();
    int number = 0;
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    String[] lines = body.split("\n", -1);
    for (String line : lines) {
      number++;
      Progress.report(number, lines.length);
      try {
        if (!line.isBlank()) {
          commands.read(Json.readJson(line));
        }
      } catch (Complaint e) {
        return new Reading.Bad<>(
            String.format(Locale.ROOT, "%s, line %d: %s", name, number, e.sentence()));
      }
    }
    try {
      return new Reading.Good<>(new Script(name, commands.done()));
    } catch (Complaint e) {
      return new Reading.Bad<>(String.format(Locale.ROOT, "%s: %s", name, e.sentence()));
    }
  }

  /** Reads a script file. */
  public static Reading<Script> read(Path file) {
    try {
      return parse(file.toString(), TextFile.read(file, LARGEST_MIB));
    } catch (Complaint e) {
      return new Reading.Bad<>(e.words());
    }
  }

  /** The program as text: one line a command. */
  public String toText() {
    var text = new StringBuilder();
    commands.forEach(command -> text.append(command.toJson()).append('\n'));
    return text.toString();
  }
}
