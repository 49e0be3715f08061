package org.iommulab.lab;

/** Writes commands in their JSON form. */
final class CommandWriter {

  private CommandWriter() {}

  static String write(Command command) {
    return "{\"op\":\"" + command.op() + "\"}";
  }
}
