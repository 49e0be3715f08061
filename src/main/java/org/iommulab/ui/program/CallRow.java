package org.iommulab.ui.program;

import org.jspecify.annotations.Nullable;

/**
 * A line of calls: one call, or several of one kind in a row.
 *
 * @param first place of the first in the journal
 * @param last place of the last in the journal
 * @param count how many are meant, filtered ones left out
 * @param name the call's name
 * @param arguments those of the last one
 * @param pid the process, 0 for none
 * @param process its name, empty for none
 * @param ret what the last one returned
 * @param errno how they ended, null without an error
 * @param inside one call of a line above
 */
record CallRow(
    int first,
    int last,
    int count,
    String name,
    String arguments,
    int pid,
    String process,
    long ret,
    @Nullable String errno,
    boolean inside) {

  /** How it ended, as system calls are written. */
  String ending() {
    return errno == null ? Long.toString(ret) : errno;
  }
}
