package org.iommulab.evidence.diagnosis;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogRmrr;
import org.iommulab.evidence.log.LogUnit;
import org.iommulab.vtd.config.Capabilities;

/** An explanation for a person at a terminal. */
final class ExplanationText {

  private static final int MOST = 40;
  private static final int WIDTH = 39;

  private final KernelLog log;
  private final Diagnosis diagnosis;
  private final boolean chinese;
  private final StringBuilder out = new StringBuilder();

  ExplanationText(KernelLog log, Diagnosis diagnosis, boolean chinese) {
    this.log = log;
    this.diagnosis = diagnosis;
    this.chinese = chinese;
  }

  String text() {
    boolean notes = false;
    var explained = new HashSet<String>();
    for (Finding finding : diagnosis.findings()) {
      if (finding.role() == Finding.Role.NOTE) {
        if (!notes) {
          line("");
        }
        notes = true;
        line("- " + finding.sentence(chinese));
      } else if (explained.add(finding.role() + finding.rule())) {
        explain(finding);
      } else {
        again(finding);
      }
    }
    hardware();
    faults();
    return out.toString();
  }

  private void line(String text) {
    out.append(text).append(System.lineSeparator());
  }

  private String word(String english, String other) {
    return chinese ? other : english;
  }

  /** The same cause at another device needs no second advice. */
  private void again(Finding finding) {
    finding.evidence().stream()
        .limit(1)
        .forEach(
            proof ->
                line(
                    word("  the same: ", "  同样：")
                        + proof.place(log.name())
                        + proof.text().in(chinese)));
  }

  private void explain(Finding finding) {
    if (!out.isEmpty()) {
      line("");
    }
    String lead =
        switch (finding.role()) {
          case CAUSE, NOTE -> "";
          case CANDIDATE -> word("Or: ", "或者：");
          case COMPANION -> word("Also: ", "另外：");
        };
    String sure =
        switch (finding.confidence()) {
          case HIGH -> "";
          case MEDIUM -> word(" (likely)", "（较可能）");
          case LOW -> finding.role() == Finding.Role.CAUSE ? "" : word(" (a guess)", "（推测）");
        };
    line(lead + finding.sentence(chinese) + sure + "  [" + finding.rule() + "]");
    for (Finding.Evidence evidence : finding.evidence()) {
      line("    " + evidence.place(log.name()) + evidence.text().in(chinese));
    }
    points(word("  check: ", "  检查："), finding.check(chinese));
    points(word("  try:   ", "  尝试："), finding.advice(chinese));
    points(word("  not:   ", "  不要："), finding.warnings(chinese));
  }

  private void points(String lead, List<String> points) {
    points.forEach(point -> line(lead + point));
  }

  private void hardware() {
    if (log.units().isEmpty() && log.rmrrs().isEmpty()) {
      return;
    }
    line("");
    for (LogUnit unit : log.units()) {
      String flags =
          unit.flags() != null && (unit.flags() & 1) != 0
              ? word(", all other devices", "，其余全部设备")
              : "";
      line(
          (unit.name() == null ? word("unit", "单元") : unit.name())
              + " @ "
              + FaultCase.hex(unit.base())
              + capabilities(unit)
              + flags);
    }
    for (LogRmrr rmrr : log.rmrrs()) {
      line("RMRR " + FaultCase.hex(rmrr.base()) + "-" + FaultCase.hex(rmrr.end()));
    }
  }

  private String capabilities(LogUnit unit) {
    Long cap = unit.cap();
    Long ecap = unit.ecap();
    if (cap == null || ecap == null) {
      return "";
    }
    var decoded = new Capabilities(cap, ecap, 0x10, WIDTH);
    return (unit.version() == null ? "" : word(", version ", "，版本 ") + unit.version())
        + ", "
        + decoded.maximumGuestAddressWidth()
        + word(" bits, ", " 位，")
        + decoded.deepestLevels()
        + word(" levels, ", " 级，")
        + String.join(" ", decoded.features());
  }

  private static String addresses(FaultTally tally) {
    Long lowest = tally.lowest();
    Long highest = tally.highest();
    if (lowest == null || highest == null) {
      return "?";
    }
    return lowest.equals(highest)
        ? FaultCase.hex(lowest)
        : FaultCase.hex(lowest) + ".." + FaultCase.hex(highest);
  }

  private void faults() {
    if (log.faultCount() == 0) {
      return;
    }
    line("");
    List<FaultTally> tallies = log.tallies();
    for (FaultTally tally : tallies.subList(0, Math.min(MOST, tallies.size()))) {
      LogFault first = tally.first();
      String reason =
          first.reason().code() == null
              ? ""
              : String.format(Locale.ROOT, " 0x%02x", first.reason().code());
      line(
          String.format(
              Locale.ROOT,
              "%6d × %s %s %s%s  (%s %d%s)",
              tally.count(),
              first.kind().word(),
              first.requester(),
              addresses(tally),
              reason,
              word("line", "行"),
              first.line(),
              tally.count() > 1 ? "-" + tally.last().line() : ""));
    }
    if (tallies.size() > MOST) {
      line(word("       and more", "       等"));
    }
  }
}
