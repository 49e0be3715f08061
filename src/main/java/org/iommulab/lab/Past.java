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
 * @param number of the last command in the journal
 */
record Past(@Nullable Past before, Command command, int depth, int number) {

  static Past of(@Nullable Past before, Command command, int number) {
    return new Past(before, command, before == null ? 1 : before.depth + 1, number);
  }

  /** The states on the way there: from the last machine line on, in order. */
  static List<Past> way(@Nullable Past state) {
    var way = new ArrayList<Past>();
    for (Past at = state; at != null; at = at.before) {
      way.add(at);
      if (at.command instanceof Command.StartMachine) {
        break;
      }
    }
    return way.reversed();
  }
}
