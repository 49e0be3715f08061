package org.iommulab.ui.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.program.Request;
import org.iommulab.peer.exec.CallMatch;
import org.iommulab.peer.exec.ProgramCall;
import org.jspecify.annotations.Nullable;

/**
 * Calls of programs out of a journal, those of one kind in a row folded into one line. Goes on
 * where it stopped, so that a long journal costs what is new in it. Lives on the laboratory's
 * thread.
 */
final class CallFold {

  /** Calls of one line that are listed one by one at most. */
  static final int MOST_INSIDE = 500;

  /** What is of no interest unless it is asked for by its name. */
  private static final Set<String> IN_THE_WINGS = Set.of("vfio-pci", "memory", "munmap");

  private final List<CallRow> rows = new ArrayList<>();
  private final Map<Integer, String> names = new HashMap<>();
  private CallMatch filter = CallMatch.of("");
  private @Nullable JournalEntry seen;
  private int read;
  private long calls;

  /**
   * What is new since the last time.
   *
   * @param kept so many lines of the last time are still right
   * @param fresh what comes behind them
   * @param calls how many calls there are, filtered ones left out
   */
  record Change(int kept, List<CallRow> fresh, long calls) {}

  /** Brings the lines up to date with a journal. */
  Change follow(List<JournalEntry> journal, String wanted) {
    if (!wanted.equals(filter.text()) || !goesOn(journal)) {
      rows.clear();
      names.clear();
      filter = CallMatch.of(wanted);
      read = 0;
      calls = 0;
    }
    // The last line may grow.
    int kept = Math.max(0, rows.size() - 1);
    for (; read < journal.size(); read++) {
      add(journal.get(read));
    }
    seen = journal.isEmpty() ? null : journal.getLast();
    return new Change(kept, List.copyOf(rows.subList(kept, rows.size())), calls);
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean goesOn(List<JournalEntry> journal) {
    return read == 0 || read <= journal.size() && journal.get(read - 1) == seen;
  }

  private void add(JournalEntry entry) {
    CallRow row = row(entry);
    if (row == null) {
      return;
    }
    calls++;
    CallRow before = rows.isEmpty() ? null : rows.getLast();
    if (before != null && isOfOneKind(before, row)) {
      rows.set(
          rows.size() - 1,
          new CallRow(
              before.first(),
              row.last(),
              before.count() + 1,
              row.name(),
              row.arguments(),
              row.pid(),
              row.process(),
              row.ret(),
              row.errno(),
              false));
    } else {
      rows.add(row);
    }
  }

  private static boolean isOfOneKind(CallRow one, CallRow other) {
    return one.pid() == other.pid()
        && one.name().equals(other.name())
        && Objects.equals(one.errno(), other.errno());
  }

  /** A call's line; null if it is none of a program, or is not wanted. */
  private @Nullable CallRow row(JournalEntry entry) {
    if (!(entry.command() instanceof Command.Program(var exchange))) {
      return null;
    }
    if (exchange.request() instanceof Request.Begin(int pid, String name)) {
      names.put(pid, name);
    }
    ProgramCall call = ProgramCall.of(exchange);
    String process = names.getOrDefault(call.pid(), "");
    String errno = entry.result() instanceof Result.Returned returned ? returned.errno() : null;
    long ret = entry.result() instanceof Result.Returned returned ? returned.ret() : 0;
    boolean wanted =
        filter.isEmpty() ? !IN_THE_WINGS.contains(call.name()) : filter.fits(call, process, errno);
    return wanted
        ? new CallRow(
            entry.index(),
            entry.index(),
            1,
            call.name(),
            call.arguments(),
            call.pid(),
            process,
            ret,
            errno,
            false)
        : null;
  }

  /** The calls of a line one by one, the first {@link #MOST_INSIDE} of them. */
  List<CallRow> inside(List<JournalEntry> journal, CallRow row) {
    var inside = new ArrayList<CallRow>();
    for (int i = row.first();
        i <= row.last() && i < journal.size() && inside.size() < MOST_INSIDE;
        i++) {
      CallRow one = row(journal.get(i));
      if (one != null && isOfOneKind(row, one)) {
        inside.add(
            new CallRow(
                one.first(),
                one.last(),
                1,
                one.name(),
                one.arguments(),
                one.pid(),
                one.process(),
                one.ret(),
                one.errno(),
                true));
      }
    }
    return inside;
  }
}
