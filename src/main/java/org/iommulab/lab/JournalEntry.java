package org.iommulab.lab;

import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;

/**
 * One executed command.
 *
 * @param index its line number, counted from 0
 * @param command what was asked
 * @param result what came of it
 * @param timeNs virtual time after it, in nanoseconds since power-on
 */
public record JournalEntry(int index, Command command, Result result, long timeNs) {

  /** The result as one line of JSON, or an empty text if the operation reports nothing. */
  public String resultJson() {
    return result.line(index, command.op());
  }
}
