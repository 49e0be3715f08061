package org.iommulab.lab;

/** Reads commands from their JSON form. */
final class CommandReader {

  private CommandReader() {}

  static Reading<Command> read(String json) {
    return new Reading.Bad<>("this line is no command: " + json);
  }
}
