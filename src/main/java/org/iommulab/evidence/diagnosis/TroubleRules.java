package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;
import static org.iommulab.evidence.diagnosis.Finding.Role.CAUSE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogSign;
import org.iommulab.memory.Page;

/** Trouble that the driver reports without a fault record. Source: diagnosis.md 1.6, 1.7. */
final class TroubleRules {

  private static final int MOST = 4;
  private static final Pattern DEVICE =
      Pattern.compile("\\b(?:[0-9a-f]{4,5}:)?([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\b");
  private static final Pattern UNIT = Pattern.compile("\\bdmar\\d{1,4}\\b");
  private static final Pattern GROUP = Pattern.compile("group (\\d{1,6})");
  private static final Pattern IOMMU_CODE =
      Pattern.compile("\\b(?:intel_)?(?:qi|iommu|dmar|intel_ir|intel_pasid|modify_irte)_\\w+");
  private static final Pattern TWICE =
      Pattern.compile(
          "vPFN 0x([0-9a-f]{1,13}) already set \\(to ([0-9a-f]{1,16}) not ([0-9a-f]{1,16})\\)");
  private static final Pattern BOUNCE =
      Pattern.compile("sz: (\\d{1,15}) bytes\\), total (\\d{1,15})");

  /** The address in an entry. */
  private static final long FRAME = 0x000F_FFFF_FFFF_F000L;

  /** {@code IO_TLB_SEGSIZE} slots of 2 KiB: what one request can get. */
  private static final long LONGEST_BOUNCE = 128 << 11;

  private static final Map<LogSign.Kind, String> RULES =
      new java.util.EnumMap<>(
          Map.of(
              LogSign.Kind.PAGE_REQUEST, "R1",
              LogSign.Kind.QUEUE_STALL, "Q7",
              LogSign.Kind.NOT_VIABLE, "V1",
              LogSign.Kind.NO_GUEST_INTERRUPTS, "V2",
              LogSign.Kind.ALREADY_MAPPED, "K1",
              LogSign.Kind.NO_ADDRESSES, "K2",
              LogSign.Kind.NO_BOUNCE, "K3",
              LogSign.Kind.DRIVER_MISTAKE, "K4",
              LogSign.Kind.NO_ENTRY, "I9",
              LogSign.Kind.DRIVER_CRASH, "K5"));

  private TroubleRules() {}

  /** What the log reports beside faults. */
  static List<Finding> explain(KernelLog log) {
    var findings = new ArrayList<Finding>();
    RULES.forEach(
        (kind, rule) -> {
          List<LogSign> signs = log.signs(kind);
          boolean queueSpeaks =
              kind == LogSign.Kind.QUEUE_STALL && !log.invalidationErrors().isEmpty();
          boolean erratum =
              kind == LogSign.Kind.NO_GUEST_INTERRUPTS && log.messages().contains("ir_erratum");
          boolean checked =
              kind == LogSign.Kind.QUEUE_STALL && !log.signs(LogSign.Kind.CHECKER).isEmpty();
          // A fault explains a crash of the code that prints it, and a stall is no crash.
          boolean followsFault =
              kind == LogSign.Kind.DRIVER_CRASH
                  && (log.faultCount() > 0 || !log.signs(LogSign.Kind.QUEUE_STALL).isEmpty());
          if (!signs.isEmpty() && !queueSpeaks && !erratum && !followsFault && !checked) {
            findings.add(
                finding(
                    switch (kind) {
                      case NO_BOUNCE -> bounce(signs);
                      case ALREADY_MAPPED -> twice(signs);
                      default -> rule;
                    },
                    signs));
          }
        });
    List<LogSign> checks = log.signs(LogSign.Kind.CHECKER);
    boolean own = log.lines().stream().anyMatch(text -> IOMMU_CODE.matcher(text.text()).find());
    if (!checks.isEmpty() && own) {
      findings.add(finding("K6", checks));
    }
    ProgramRules.explain(log).ifPresent(findings::add);
    return findings;
  }

  /** A page may be mapped a second time to the same place, or within a region mapped one to one. */
  private static String twice(List<LogSign> signs) {
    Matcher entry = TWICE.matcher(signs.getFirst().text());
    if (!entry.find()) {
      return "K1";
    }
    long page = Long.parseUnsignedLong(entry.group(1), 16);
    long old = Long.parseUnsignedLong(entry.group(2), 16);
    if (old == Long.parseUnsignedLong(entry.group(3), 16)) {
      return "K1.same";
    }
    return Page.number(old & FRAME) == page ? "K1.region" : "K1";
  }

  /** Why no bounce buffer was left: none at all, none so long, or all in use. */
  private static String bounce(List<LogSign> signs) {
    Matcher numbers = BOUNCE.matcher(signs.getFirst().text());
    if (!numbers.find()) {
      return "K3";
    }
    if (Long.parseLong(numbers.group(2)) == 0) {
      return "K3.none";
    }
    return Long.parseLong(numbers.group(1)) > LONGEST_BOUNCE ? "K3.long" : "K3";
  }

  /** Faults that happened although no line tells which: held back, or left out by who copied. */
  static List<Finding> unseen(KernelLog log) {
    long pending = log.statuses().stream().filter(status -> (status & 2) != 0).count();
    long orphans = log.orphanReasons();
    if (log.faultCount() > 0 || pending + orphans + log.suppressed().size() == 0) {
      return List.of();
    }
    String reasons = String.join(", ", log.orphanTexts());
    return List.of(
        new Finding(
            "F1",
            CAUSE,
            MEDIUM,
            Map.of("why", reasons.isEmpty() ? "" : " (" + reasons + ")"),
            List.of()));
  }

  /** A rule that rests on lines of one kind; the first of them gives its names. */
  static Finding finding(String rule, List<LogSign> signs) {
    var values = new HashMap<String, String>();
    String text = signs.getFirst().text();
    match(DEVICE, text, 1, "dev", values);
    match(UNIT, text, 0, "unit", values);
    match(GROUP, text, 1, "group", values);
    values.put("what", DmaRules.shortened(text));
    values.put("n", String.valueOf(signs.size()));
    return new Finding(
        rule,
        CAUSE,
        rule.startsWith("K3") ? MEDIUM : HIGH,
        values,
        signs.stream()
            .limit(MOST)
            .map(sign -> new Finding.Evidence("", sign.line(), sign.text()))
            .toList());
  }

  private static void match(
      Pattern pattern, String text, int group, String name, Map<String, String> values) {
    Matcher matcher = pattern.matcher(text);
    if (matcher.find()) {
      values.put(name, matcher.group(group));
    }
  }
}
