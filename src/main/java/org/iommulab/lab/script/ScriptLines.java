package org.iommulab.lab.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Lines of a script on their way to commands. What stands between {@code repeat} and {@code end} is
 * laid out once for each number, with a {@code let} in front; the laboratory never sees the loop.
 */
final class ScriptLines {

  /** Lines that only scripts have, not the console and not the journal. */
  static final Set<String> NAMES = Set.of("repeat", "end");

  /** More commands than that are a mistake in a loop's numbers. */
  private static final int MOST_COMMANDS = 1_000_000;

  private record Loop(String name, long from, long to, long step, List<Command> body) {}

  private final List<Command> commands = new ArrayList<>();
  private final Deque<Loop> open = new ArrayDeque<>();

  /** Takes one line. */
  void read(JsonNode node) throws Complaint {
    JsonNode op = node.isObject() ? node.get("op") : null;
    String name = op != null && op.isString() ? op.stringValue() : "";
    switch (name) {
      case "repeat" -> begin(new Fields(name, node));
      case "end" -> end(new Fields(name, node));
      default -> add(CommandReader.read(node));
    }
  }

  private void add(Command command) throws Complaint {
    List<Command> to = open.isEmpty() ? commands : open.getLast().body();
    if (to.size() == MOST_COMMANDS) {
      throw new Complaint("a script has " + MOST_COMMANDS + " commands at most, loops laid out");
    }
    to.add(command);
  }

  private void begin(Fields f) throws Complaint {
    long step = f.has("step") ? f.number("step") : 1;
    var loop = new Loop(f.text("as"), f.number("from"), f.number("to"), step, new ArrayList<>());
    f.done();
    if (step <= 0) {
      throw new Complaint("repeat: \"step\" must be 1 or more");
    }
    open.addLast(loop);
  }

  private void end(Fields f) throws Complaint {
    f.done();
    Loop loop = open.pollLast();
    if (loop == null) {
      throw new Complaint("there is no \"repeat\" for this \"end\"");
    }
    for (long n = loop.from(); Long.compareUnsigned(n, loop.to()) <= 0; n += loop.step()) {
      add(new Command.Let(loop.name(), n));
      for (Command command : loop.body()) {
        add(command);
      }
      if (Long.compareUnsigned(loop.to() - n, loop.step()) < 0) {
        break;
      }
    }
  }

  /** All commands in order. */
  List<Command> done() throws Complaint {
    if (!open.isEmpty()) {
      throw new Complaint("a \"repeat\" has no \"end\"");
    }
    return commands;
  }
}
