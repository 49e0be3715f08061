package org.iommulab.lab.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Language;
import org.iommulab.lab.language.Loop;
import tools.jackson.databind.JsonNode;

/**
 * Lines of a script on their way to commands. What stands between {@code repeat} and {@code end} is
 * laid out once for each number, with a {@code let} in front; the laboratory never sees the loop.
 */
final class ScriptLines {

  /** More commands than that are a mistake in a loop's numbers. */
  private static final int MOST_COMMANDS = 1_000_000;

  private record Open(Loop.Repeat loop, List<Command> body) {}

  private final List<Command> commands = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();

  /** Takes one line. */
  void read(JsonNode node) throws Complaint {
    switch (Language.line(node)) {
      case Loop.Repeat loop -> open.addLast(new Open(loop, new ArrayList<>()));
      case Loop.End end -> layOut();
      case Command command -> add(command);
    }
  }

  private void add(Command command) throws Complaint {
    List<Command> to = open.isEmpty() ? commands : open.getLast().body();
    if (to.size() == MOST_COMMANDS) {
      throw new Complaint("a script has " + MOST_COMMANDS + " commands at most, loops laid out");
    }
    to.add(command);
  }

  private void layOut() throws Complaint {
    Open innermost = open.pollLast();
    if (innermost == null) {
      throw new Complaint("there is no \"repeat\" for this \"end\"");
    }
    Loop.Repeat loop = innermost.loop();
    for (long n = loop.from(); Long.compareUnsigned(n, loop.to()) <= 0; n += loop.step()) {
      add(new Command.Let(loop.as(), n));
      for (Command command : innermost.body()) {
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
