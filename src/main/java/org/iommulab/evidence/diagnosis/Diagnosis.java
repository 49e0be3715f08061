package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Role.CAUSE;
import static org.iommulab.evidence.diagnosis.Finding.Role.COMPANION;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.jspecify.annotations.Nullable;

/**
 * Everything to be said about a log: what explains the symptom first, then other causes, then what
 * is true beside. Never empty: "nothing wrong here" is an answer.
 */
public final class Diagnosis {

  private final List<Finding> findings;
  private final Map<String, Finding> byFault;

  private Diagnosis(List<Finding> findings, Map<String, Finding> byFault) {
    this.findings = List.copyOf(findings);
    this.byFault = byFault;
  }

  /** Reasons from the facts of a log. */
  public static Diagnosis of(KernelLog log) {
    return of(log, Surroundings.UNKNOWN);
  }

  /** Reasons from the facts of a log and of the machine around it. */
  public static Diagnosis of(KernelLog log, Surroundings surroundings) {
    var causes = new ArrayList<Finding>();
    var byFault = new HashMap<String, Finding>();
    QueueRules.explain(log).ifPresent(causes::add);
    for (FaultCase faults : FaultCase.of(log, surroundings)) {
      List<Finding> found =
          faults.isInterrupt() ? List.of(InterruptRules.explain(faults)) : DmaRules.explain(faults);
      byFault.put(key(faults.first()), found.getFirst());
      causes.addAll(found);
    }
    if (causes.isEmpty()) {
      walkOnly(log).ifPresent(causes::add);
    }
    if (log.faultCount() == 0) {
      ProgramRules.emulated(log).ifPresent(causes::add);
    }
    PlatformRules.tooWide(log).ifPresent(causes::add);
    causes.addAll(TroubleRules.explain(log));
    if (causes.isEmpty()) {
      causes.addAll(TroubleRules.unseen(log));
    }
    PlatformRules.useAfterUnmap(log).ifPresent(finding -> causes.addFirst(finding));
    for (Surroundings.Late late : surroundings.late()) {
      if (causes.stream().noneMatch(finding -> finding.isLate(late.bdf()))) {
        causes.add(ShownRules.late(late));
      }
    }
    for (Finding table : TableRules.explain(log)) {
      boolean only = causes.stream().noneMatch(finding -> finding.role() == CAUSE);
      boolean grave = !table.rule().equals("T8k") && !table.rule().equals("T11");
      causes.add(only && grave ? table : table.as(COMPANION));
    }
    if (causes.stream().noneMatch(finding -> finding.role() == CAUSE)) {
      causes.addFirst(PlatformRules.health(log, surroundings));
    }
    causes.sort(java.util.Comparator.comparing(Finding::role));
    causes.addAll(PlatformRules.notes(log));
    return new Diagnosis(merged(causes), byFault);
  }

  private static String key(LogFault fault) {
    return fault.boot() + " " + fault.requester() + (fault.kind() == LogFault.Kind.INTERRUPT);
  }

  private static Optional<Finding> walkOnly(KernelLog log) {
    if (log.pageWalk().isEmpty()) {
      return Optional.empty();
    }
    String rule = PasidRules.isEmptyEntry(log) ? "D9d" : "D15";
    var evidence = new ArrayList<Finding.Evidence>();
    log.pageWalk().stream()
        .limit(4)
        .forEach(line -> evidence.add(new Finding.Evidence("", 0, line)));
    return Optional.of(new Finding(rule, CAUSE, Finding.Confidence.HIGH, Map.of(), evidence));
  }

  /** The same rule for the same device is said once, with the evidence of all. */
  private static List<Finding> merged(List<Finding> all) {
    var once = new LinkedHashMap<String, Finding>();
    for (Finding finding : all) {
      String key = finding.role() + finding.rule() + finding.device().orElse("");
      Finding known = once.get(key);
      if (known == null) {
        once.put(key, finding);
      } else if (known.evidence().size() < 8) {
        var evidence = new ArrayList<>(known.evidence());
        evidence.addAll(finding.evidence());
        once.put(
            key,
            new Finding(known.rule(), known.role(), known.confidence(), known.values(), evidence));
      }
    }
    return List.copyOf(once.values());
  }

  /** All findings, the answer first. */
  public List<Finding> findings() {
    return findings;
  }

  /** The answer. */
  public Finding answer() {
    return findings.getFirst();
  }

  /** What explains one fault. */
  public @Nullable Finding cause(LogFault fault) {
    return byFault.get(key(fault));
  }
}
