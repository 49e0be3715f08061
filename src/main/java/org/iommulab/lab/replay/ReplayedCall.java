package org.iommulab.lab.replay;

import java.util.Locale;

/**
 * A call of a log after its replay.
 *
 * @param n its number in the log
 * @param call its name
 * @param note the program's own words
 * @param outcome whether it ended as logged
 * @param words what differs, or why it was not compared; empty if it ended as logged
 */
public record ReplayedCall(int n, String call, String note, Outcome outcome, String words) {

  /** How a replayed call compares with the logged one. */
  public enum Outcome {
    /** Return value, errno and every output that the log has are equal. */
    SAME,
    /** Something differs. */
    DIFFERENT,
    /** It was not compared. */
    SKIPPED
  }

  static ReplayedCall same(LoggedCall call) {
    return new ReplayedCall(call.n(), call.call(), call.note(), Outcome.SAME, "");
  }

  static ReplayedCall different(LoggedCall call, String words) {
    return new ReplayedCall(call.n(), call.call(), call.note(), Outcome.DIFFERENT, words);
  }

  static ReplayedCall skipped(LoggedCall call, String words) {
    return new ReplayedCall(call.n(), call.call(), call.note(), Outcome.SKIPPED, words);
  }

  /** One line for people. */
  public String line() {
    String what = note.isEmpty() ? call : call + " (" + note + ")";
    return String.format(Locale.ROOT, "call %d, %s: %s", n, what, words);
  }
}
