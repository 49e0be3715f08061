package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;
import static org.iommulab.evidence.diagnosis.Finding.Role.CAUSE;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogSign;
import org.iommulab.evidence.log.MemoryMapLine;
import org.iommulab.memory.Page;

/** Mistakes of the firmware's table, as the kernel names them. Source: diagnosis.md 2.2. */
final class TableRules {

  private static final Pattern RANGE =
      Pattern.compile("\\[0x([0-9a-fA-F]{1,16})-0x([0-9a-fA-F]{1,16})\\]");
  private static final Pattern XEN_RANGE =
      Pattern.compile("RMRR address range ([0-9a-fA-F]{1,16})\\.\\.([0-9a-fA-F]{1,16})");
  private static final Pattern ADDRESS = Pattern.compile("at address (0x)?([0-9a-fA-F]{1,16})");
  private static final Pattern DEVICE = Pattern.compile("device ([0-9a-f:.]{7,12})");
  private static final long MIB = 1 << 20;

  private final KernelLog log;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> said = new LinkedHashSet<>();

  private TableRules(KernelLog log) {
    this.log = log;
  }

  static List<Finding> explain(KernelLog log) {
    var rules = new TableRules(log);
    log.firmwareBugs().forEach(rules::bug);
    rules.messages();
    if (rules.findings.isEmpty()) {
      rules.unusable(LogSign.Kind.UNUSABLE_TABLE, "T13");
      rules.unusable(LogSign.Kind.NO_REMAPPING, "T12");
    }
    return rules.findings;
  }

  /** The table or a part of it is lost, and no more exact mistake of firmware is named. */
  private void unusable(LogSign.Kind kind, String rule) {
    List<LogSign> signs = log.signs(kind);
    if (!signs.isEmpty()) {
      findings.add(TroubleRules.finding(rule, signs));
    }
  }

  private void add(String rule, Finding.Confidence confidence, String text, String... values) {
    var map = new java.util.HashMap<String, String>();
    for (int i = 0; i + 1 < values.length; i += 2) {
      map.put(values[i], values[i + 1]);
    }
    if (said.add(rule + map)) {
      findings.add(
          new Finding(rule, CAUSE, confidence, map, List.of(new Finding.Evidence("", 0, text))));
    }
  }

  private void bug(String text) {
    Matcher range = RANGE.matcher(text);
    Matcher xen = XEN_RANGE.matcher(text);
    if (text.contains("reported at address") || text.contains("returns all ones")) {
      Matcher address = ADDRESS.matcher(text);
      add("T1", HIGH, text, "addr", address.find() ? "0x" + address.group(2) : "0");
    } else if (text.contains("can cover this RMRR") && range.find()) {
      notReserved(text, hex(range.group(1)), hex(range.group(2)));
    } else if (xen.find()) {
      notReserved(text, hex(xen.group(1)), hex(xen.group(2)));
    } else if (text.contains("bad RMRR") && range.reset().find()) {
      badRmrr(text, hex(range.group(1)), hex(range.group(2)));
    } else if (text.contains("applying workaround")) {
      Matcher device = DEVICE.matcher(text);
      add("T4", HIGH, text, "dev", device.find() ? device.group(1) : "?");
    } else if (text.contains("has no mapping iommu")) {
      add("T9", HIGH, text);
    } else if (text.contains("RHSA refers")
        || text.contains("ANDD object")
        || text.contains("for ACPI object")
        || text.contains("not present")) {
      add("T10", HIGH, text, "what", text);
    }
  }

  private void notReserved(String text, long base, long end) {
    String range = FaultCase.hex(base) + "-" + FaultCase.hex(end);
    boolean nvs =
        log.memoryMap().stream()
            .filter(line -> line.type().contains("NVS"))
            .anyMatch(line -> covers(line, base, end));
    boolean graphics = end - base + 1 >= 4 * MIB && base % MIB == 0 && DeviceAddress.isStolen(base);
    add(nvs ? "T2a" : graphics ? "T2b" : "T2c", HIGH, text, "range", range);
  }

  private static boolean covers(MemoryMapLine line, long base, long end) {
    return line.start() <= base && line.end() >= end;
  }

  private void badRmrr(String text, long base, long end) {
    String range = FaultCase.hex(base) + "-" + FaultCase.hex(end);
    boolean known =
        findings.stream().anyMatch(finding -> range.equals(finding.values().get("range")));
    if (!known) {
      boolean crooked = base % Page.BYTES != 0 || (end + 1) % Page.BYTES != 0 || end < base;
      if (crooked) {
        add("T3", HIGH, text, "range", range);
      } else {
        notReserved(text, base, end);
      }
    }
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  private void messages() {
    Map<String, String> rules =
        Map.of(
            "ir_erratum", "T6",
            "ir_left_on", "T8",
            "translation_left_on", log.signs(LogSign.Kind.KDUMP).isEmpty() ? "T8" : "T8k",
            "platform_opt_in", "T11");
    rules.forEach(
        (word, rule) -> {
          if (log.messages().contains(word)) {
            add(rule, rule.startsWith("T8") ? MEDIUM : HIGH, word);
          }
        });
    for (LogSign sign : log.signs(LogSign.Kind.VFIO_REFUSED)) {
      Matcher device = Pattern.compile("[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]").matcher(sign.text());
      add("T5", HIGH, sign.text(), "dev", device.find() ? device.group() : "?");
    }
  }
}
