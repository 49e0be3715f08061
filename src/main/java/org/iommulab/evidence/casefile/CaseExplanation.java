package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.inspection.WalkReport;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;

/** What a case says: its log explained, and the way of each faulting request through its tables. */
public final class CaseExplanation {

  private static final int MOST_WALKS = 12;

  private final Case opened;
  private final Optional<Explanation> explanation;
  private final List<Walk> walks = new ArrayList<>();

  private CaseExplanation(Case opened) {
    this.opened = opened;
    this.explanation =
        opened.logs().stream().findFirst().map(log -> Explanation.of(log, opened.surroundings()));
    opened.logs().stream().findFirst().ifPresent(this::walk);
  }

  /**
   * A request of a fault, walked in the tables of a snapshot.
   *
   * @param fault the fault
   * @param snapshot whose tables
   * @param report every entry on the way and where it ends
   */
  public record Walk(LogFault fault, String snapshot, String report) {}

  /** Explains a case. */
  public static CaseExplanation of(Case opened) {
    return new CaseExplanation(opened);
  }

  /** The case itself. */
  public Case opened() {
    return opened;
  }

  /** The log explained, if there is a log. */
  public Optional<Explanation> explanation() {
    return explanation;
  }

  /** The walks, at most a dozen. */
  public List<Walk> walks() {
    return List.copyOf(walks);
  }

  private void walk(KernelLog log) {
    Snapshot snapshot = opened.snapshots().stream().findFirst().orElse(null);
    if (snapshot == null) {
      return;
    }
    var done = new LinkedHashSet<String>();
    for (FaultTally tally : log.tallies()) {
      LogFault fault = tally.first();
      Long address = fault.address();
      String bdf = fault.bdf();
      boolean dma = fault.kind() != LogFault.Kind.INTERRUPT;
      if (dma && address != null && bdf != null && done.add(bdf + address)) {
        SourceId.parse(bdf)
            .ifPresent(
                source ->
                    walks.add(
                        new Walk(
                            fault, snapshot.source(), WalkReport.of(snapshot, source, address))));
      }
      if (walks.size() >= MOST_WALKS) {
        return;
      }
    }
  }

  /** For a person at a terminal. */
  public String text(boolean chinese) {
    var out = new StringBuilder();
    explanation.ifPresent(found -> out.append(found.text(chinese)));
    for (Walk walk : walks) {
      out.append(System.lineSeparator())
          .append(walk.snapshot())
          .append(':')
          .append(System.lineSeparator())
          .append(walk.report());
    }
    if (explanation.isEmpty()) {
      out.append(chinese ? "案例中没有内核日志。" : "There is no kernel log in this case.")
          .append(System.lineSeparator());
    }
    opened.notes().forEach(note -> out.append(note).append(System.lineSeparator()));
    return out.toString();
  }
}
