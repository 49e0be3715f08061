package org.iommulab.lab;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.language.Command;
import org.jspecify.annotations.Nullable;

/**
 * A state, told as the commands that lead to it. States share their beginnings; a rewind continues
 * from an earlier state without a trace of what it took back.
 *
 * @param before the state before the last command; null at the beginning
 * @param command the last command
 * @param depth number of commands
 */
record Past(@Nullable Past before, Command command, int depth) {

  static Past of(@Nullable Past before, Command command) {
    return new Past(before, command, before == null ? 1 : before.depth + 1);
  }

  /** The commands that make the state: from the last machine line on, in order. */
  static List<Command> commands(@Nullable Past state) {
    var commands = new ArrayList<Command>();
    for (Past at = state; at != null; at = at.before) {
      commands.add(at.command);
      if (at.command instanceof Command.StartMachine) {
        break;
      }
    }
    return commands.reversed();
  }
}
