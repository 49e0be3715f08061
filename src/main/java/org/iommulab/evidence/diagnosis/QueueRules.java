package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.LOW;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;
import static org.iommulab.evidence.diagnosis.Finding.Role.CAUSE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.log.InvalidationError;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogSign;
import org.iommulab.words.Bilingual;

/** Invalidations that did not go through. Source: diagnosis.md 2.3. */
final class QueueRules {

  private static final int DEVICE_TLB = 3;
  private static final int PASID_DEVICE_TLB = 8;
  private static final long TIMED_OUT = 0x40;

  private QueueRules() {}

  static Optional<Finding> explain(KernelLog log) {
    List<InvalidationError> errors = log.invalidationErrors();
    if (errors.isEmpty()) {
      boolean onlyStatus = log.statuses().stream().anyMatch(status -> (status & 0xFF) == TIMED_OUT);
      return onlyStatus
          ? Optional.of(finding(log, "Q6", MEDIUM, log.signs(LogSign.Kind.LINK), Map.of()))
          : Optional.empty();
    }
    if (errors.stream().anyMatch(QueueRules::isAllOnes)) {
      List<LogSign> who = log.signs(LogSign.Kind.VMD);
      String name = who.isEmpty() ? "" : " (" + DmaRules.shortened(who.getFirst().text()) + ")";
      return Optional.of(finding(log, "Q1", HIGH, who, Map.of("who", name)));
    }
    var values = new java.util.HashMap<>(Map.of("what", descriptor(errors)));
    device(errors).ifPresent(device -> values.put("dev", device));
    if (has(errors, "Time-out")) {
      List<LogSign> gone = log.signs(LogSign.Kind.LINK);
      return Optional.of(
          gone.isEmpty()
              ? finding(log, "Q3", MEDIUM, List.of(), values)
              : finding(log, "Q2", HIGH, gone, values));
    }
    if (has(errors, "Queue")) {
      return Optional.of(finding(log, "Q4", MEDIUM, List.of(), values));
    }
    return Optional.of(
        finding(log, "Q5", has(errors, "Completion") ? MEDIUM : LOW, List.of(), values));
  }

  private static boolean isAllOnes(InvalidationError error) {
    Long reason = error.reason();
    Long sid = error.sid();
    return reason != null && reason == 0xF || sid != null && sid == 0xFFFF;
  }

  private static boolean has(List<InvalidationError> errors, String word) {
    return errors.stream().anyMatch(error -> word.equals(error.error()));
  }

  /** Who did not answer; old units do not tell. */
  private static Optional<String> device(List<InvalidationError> errors) {
    for (InvalidationError error : errors) {
      Long sid = error.sid();
      if (sid != null && sid > 0 && sid < 0xFFFF) {
        return Optional.of(new SourceId(sid.intValue()).toString());
      }
    }
    for (InvalidationError error : errors) {
      Long low = error.qw0();
      if (low != null && ((low & 0xF) == DEVICE_TLB || (low & 0xF) == PASID_DEVICE_TLB)) {
        int shift = (low & 0xF) == DEVICE_TLB ? 32 : 16;
        return Optional.of(new SourceId((int) (low >>> shift & 0xFFFF)).toString());
      }
    }
    return Optional.empty();
  }

  private static String descriptor(List<InvalidationError> errors) {
    for (InvalidationError error : errors) {
      String name = error.descriptor();
      if (name != null) {
        return name;
      }
    }
    return "?";
  }

  private static Finding finding(
      KernelLog log,
      String rule,
      Finding.Confidence confidence,
      List<LogSign> signs,
      Map<String, String> values) {
    var evidence = new ArrayList<Finding.Evidence>();
    for (InvalidationError error : log.invalidationErrors()) {
      Bilingual what =
          error.error() == null
              ? Bilingual.same("QI " + error.where() + ": " + error.descriptor())
              : Bilingual.of(
                  "Invalidation %s error", "失效错误：%s", error.error().toLowerCase(Locale.ROOT));
      evidence.add(new Finding.Evidence("", error.line(), what));
    }
    signs.stream()
        .limit(4)
        .forEach(sign -> evidence.add(new Finding.Evidence("", sign.line(), sign.text())));
    return new Finding(
        rule, CAUSE, confidence, values, evidence.subList(0, Math.min(8, evidence.size())));
  }
}
