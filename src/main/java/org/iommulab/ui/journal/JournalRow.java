package org.iommulab.ui.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.view.part.OutlineRow;

/**
 * A line of the journal: a command, or several checks in a row that stand as one.
 *
 * @param entry the command; of checks the first
 * @param checks how many checks stand as one; 0 for a command
 * @param failed how many of them failed
 * @param inside the command is one of the checks under an open line
 * @param branch whether the checks are shown below
 */
record JournalRow(JournalEntry entry, int checks, int failed, boolean inside, Branch branch)
    implements OutlineRow {

  /** Fewer checks than this stand for themselves. */
  private static final int FEWEST = 2;

  /**
   * The lines of a journal. Checks that hold are folded, those with a failure among them open.
   *
   * @param turned tells of the index of a first check whether a person wants it the other way round
   */
  static List<JournalRow> of(List<JournalEntry> entries, IntPredicate turned) {
    var rows = new ArrayList<JournalRow>();
    for (int at = 0; at < entries.size(); ) {
      int end = at;
      int failed = 0;
      while (end < entries.size() && entries.get(end).command() instanceof Command.Expect) {
        failed += entries.get(end).result().succeeded() ? 0 : 1;
        end++;
      }
      if (end - at < FEWEST) {
        rows.add(new JournalRow(entries.get(at), 0, 0, false, Branch.NONE));
        at++;
        continue;
      }
      boolean open = failed > 0 != turned.test(entries.get(at).index());
      rows.add(
          new JournalRow(
              entries.get(at), end - at, failed, false, open ? Branch.OPEN : Branch.CLOSED));
      for (; at < end; at++) {
        if (open) {
          rows.add(new JournalRow(entries.get(at), 0, 0, true, Branch.NONE));
        }
      }
    }
    return rows;
  }

  /** Tells whether it stands for several checks. */
  boolean isFold() {
    return checks > 0;
  }

  /** Number of the last command it stands for. */
  int last() {
    return entry.index() + Math.max(0, checks - 1);
  }

  /** Tells whether everything it stands for did what it should. */
  boolean succeeded() {
    return isFold() ? failed == 0 : entry.result().succeeded();
  }

  @SuppressWarnings("ReferenceEquality") // entries are the same as long as they are in the journal
  boolean isSame(JournalRow other) {
    return entry == other.entry
        && checks == other.checks
        && failed == other.failed
        && inside == other.inside
        && branch == other.branch;
  }

  @Override
  public String key() {
    return isFold() ? "checks-" + entry.index() : Integer.toString(entry.index());
  }

  @Override
  public int depth() {
    return inside ? 1 : 0;
  }
}
