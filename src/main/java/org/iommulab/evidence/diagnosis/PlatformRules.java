package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;
import static org.iommulab.evidence.diagnosis.Finding.Role.CAUSE;
import static org.iommulab.evidence.diagnosis.Finding.Role.NOTE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogPlatform;
import org.iommulab.evidence.log.LogSign;
import org.iommulab.evidence.log.LogUnit;
import org.iommulab.evidence.log.TraceEvent;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.jspecify.annotations.Nullable;

/**
 * Whose machine it is, whether it is well, and what is good to know. Source: diagnosis.md 2.1, 2.6.
 */
final class PlatformRules {

  /** What an AMD unit logs, the most telling first. Source: Linux {@code amd/iommu.c}. */
  private static final List<Map.Entry<LogSign.Kind, String>> AMD_EVENTS =
      List.of(
          Map.entry(LogSign.Kind.AMD_FAULT, "P1.fault"),
          Map.entry(LogSign.Kind.AMD_TIMEOUT, "P1.timeout"),
          Map.entry(LogSign.Kind.AMD_ENTRY, "P1.entry"),
          Map.entry(LogSign.Kind.AMD_REQUEST, "P1.request"));

  /** Flags of a page fault event. Source: AMD I/O Virtualization Technology, section 2.5.3. */
  private static final int PRESENT = 1 << 4;

  private static final int WRITE = 1 << 5;
  private static final int NOT_PERMITTED = 1 << 6;
  private static final Pattern EMPTY_CONTEXT =
      Pattern.compile("^context entry: hi 0x0{1,16}, low 0x0{1,16}$");

  private PlatformRules() {}

  /** The answer where there is no fault to explain. */
  static Finding health(KernelLog log, Surroundings surroundings) {
    return switch (log.platform()) {
      case AMD_VI -> amd(log);
      case AMD_INACTIVE -> of("P2", CAUSE, MEDIUM, Map.of());
      case TABLE_ONLY ->
          surroundings
              .switchedOff()
              .map(proof -> new Finding("P4", CAUSE, HIGH, Map.of(), List.of(proof)))
              .orElseGet(() -> of("P4", CAUSE, MEDIUM, Map.of()));
      case NONE -> nothing(log);
      case XEN_VTD, INTEL_VTD -> intel(log);
    };
  }

  private static Finding amd(KernelLog log) {
    String rule = "P1";
    List<LogSign> faults = List.of();
    for (Map.Entry<LogSign.Kind, String> event : AMD_EVENTS) {
      if (faults.isEmpty()) {
        faults = log.signs(event.getKey());
        rule = faults.isEmpty() ? rule : event.getValue();
      }
    }
    if (faults.isEmpty()) {
      return traced(log).orElseGet(() -> of("P1", CAUSE, HIGH, Map.of()));
    }
    var values = new java.util.HashMap<String, String>();
    Matcher device =
        Pattern.compile("[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]").matcher(faults.getFirst().text());
    Matcher address = Pattern.compile("address=(0x[0-9a-f]+)").matcher(faults.getFirst().text());
    Matcher flags = Pattern.compile("flags=0x([0-9a-f]{1,4})\\b").matcher(faults.getFirst().text());
    if (rule.equals("P1.fault") && flags.find()) {
      int bits = Integer.parseInt(flags.group(1), 16);
      boolean mapped = (bits & PRESENT) != 0 && (bits & NOT_PERMITTED) != 0;
      rule = mapped ? (bits & WRITE) != 0 ? "P1.write" : "P1.read" : rule;
    }
    if (device.find()) {
      values.put("dev", device.group());
    }
    if (address.find()) {
      values.put("addr", address.group(1));
    }
    return new Finding(
        rule, CAUSE, HIGH, values, faults.stream().limit(3).map(PlatformRules::line).toList());
  }

  /** A trace may hold the faults alone. */
  private static Optional<Finding> traced(KernelLog log) {
    return log.trace().stream()
        .filter(event -> event.event().equals("io_page_fault"))
        .findFirst()
        .map(
            event -> {
              String device = Objects.requireNonNullElse(event.device(), "?");
              Long iova = Objects.requireNonNullElse(event.iova(), 0L);
              return new Finding(
                  "P1.fault",
                  CAUSE,
                  HIGH,
                  Map.of("dev", device, "addr", FaultCase.hex(iova)),
                  List.of(new Finding.Evidence("", event.line(), "io_page_fault " + device)));
            });
  }

  private static Finding nothing(KernelLog log) {
    List<LogSign> others = log.signs(LogSign.Kind.OTHER_IOMMU);
    if (!others.isEmpty()) {
      return quoting("P10", others);
    }
    List<LogSign> groups = log.signs(LogSign.Kind.GROUP);
    if (!groups.isEmpty()) {
      return quoting("H10", groups);
    }
    boolean general = log.domainType().isPresent() || log.flushPolicy().isPresent();
    return of(general ? "H11" : "H9", CAUSE, HIGH, Map.of());
  }

  private static Finding quoting(String rule, List<LogSign> signs) {
    return new Finding(
        rule, CAUSE, HIGH, Map.of(), signs.stream().limit(3).map(PlatformRules::line).toList());
  }

  private static Finding.Evidence line(LogSign sign) {
    return new Finding.Evidence("", sign.line(), sign.text());
  }

  /** Addresses that the kernel itself refused, because the unit cannot translate them. */
  static Optional<Finding> tooWide(KernelLog log) {
    List<LogSign> signs = log.signs(LogSign.Kind.TOO_WIDE);
    if (signs.isEmpty()) {
      return Optional.empty();
    }
    Matcher width = Pattern.compile("width \\((\\d{1,2})\\)").matcher(signs.getFirst().text());
    return Optional.of(
        new Finding(
            "D4b",
            CAUSE,
            HIGH,
            Map.of("w", width.find() ? width.group(1) : "?"),
            signs.stream().limit(3).map(PlatformRules::line).toList()));
  }

  private static Finding intel(KernelLog log) {
    if (!log.copiedTables().isEmpty()) {
      return of("H1", CAUSE, MEDIUM, Map.of());
    }
    if (log.messages().contains("iommu_disabled") && !log.messages().contains("vtd_active")) {
      return of("P11", CAUSE, HIGH, Map.of());
    }
    boolean quirksOnly =
        log.units().isEmpty()
            && log.interruptMode().isEmpty()
            && !log.messages().isEmpty()
            && log.messages().stream()
                .allMatch(word -> word.startsWith("igfx") || word.equals("force_wbf"));
    if (quirksOnly) {
      return of("P5", CAUSE, MEDIUM, Map.of());
    }
    return of("H0", CAUSE, HIGH, Map.of("state", state(log, false), "state_zh", state(log, true)));
  }

  private static String state(KernelLog log, boolean chinese) {
    var parts = new ArrayList<String>();
    boolean on =
        log.messages().contains("vtd_active") || !log.signs(LogSign.Kind.TRANSLATION_ON).isEmpty();
    boolean asked = log.messages().contains("iommu_enabled");
    parts.add(
        on
            ? chinese ? "VT-d 已启用" : "VT-d is on"
            : asked
                ? chinese ? "已请求 VT-d" : "VT-d was asked for"
                : chinese ? "存在 VT-d" : "VT-d is present");
    int units = log.units().size();
    if (units > 0) {
      parts.add(chinese ? units + " 个单元" : units == 1 ? "one unit" : units + " units");
    }
    log.interruptMode()
        .ifPresent(
            mode ->
                parts.add(
                    chinese
                        ? "中断重映射为 " + mode + " 模式"
                        : "interrupt remapping in " + mode + " mode"));
    log.domainType()
        .ifPresent(
            type ->
                parts.add((chinese ? "默认域 " : "default domain ") + type.toLowerCase(Locale.ROOT)));
    log.flushPolicy().ifPresent(policy -> parts.add((chinese ? "刷新策略 " : "flushing in ") + policy));
    int regions = log.rmrrs().size();
    if (regions > 0) {
      parts.add(chinese ? regions + " 个固件保留区" : "reserved regions of firmware: " + regions);
    }
    if (!on && !asked && log.interruptMode().isPresent()) {
      parts.add(
          chinese
              ? "此段日志中没有请求 DMA 转换"
              : "translation of DMA is not requested in this part of the log");
    }
    return String.join(chinese ? "，" : ", ", parts);
  }

  /** A buffer that the trace shows mapped, unmapped and then used. */
  static Optional<Finding> useAfterUnmap(KernelLog log) {
    for (int i = 0; i < log.trace().size(); i++) {
      TraceEvent event = log.trace().get(i);
      Long iova = event.iova();
      if (event.event().equals("io_page_fault") && iova != null) {
        TraceEvent unmap = endOf(iova, log.trace().subList(0, i));
        if (unmap != null) {
          long from = Objects.requireNonNullElse(unmap.iova(), 0L);
          boolean amd = log.platform() == LogPlatform.AMD_VI;
          String device = Objects.requireNonNullElse(event.device(), "?");
          return Optional.of(
              new Finding(
                  amd ? "P1.unmap" : "P8",
                  CAUSE,
                  HIGH,
                  Map.of(
                      "dev", device,
                      "addr", FaultCase.hex(iova),
                      "t1", String.valueOf(unmap.seconds()),
                      "t2", String.valueOf(event.seconds())),
                  List.of(
                      new Finding.Evidence("", unmap.line(), "unmap " + FaultCase.hex(from)),
                      new Finding.Evidence("", event.line(), "io_page_fault " + device))));
        }
      }
    }
    return Optional.empty();
  }

  /** The unmap after which nothing covered an address any more; null if something did. */
  private static @Nullable TraceEvent endOf(long iova, List<TraceEvent> before) {
    for (TraceEvent event : before.reversed()) {
      boolean ends = event.event().contains("unmap") || event.event().contains("free");
      boolean begins = event.event().contains("map") || event.event().contains("alloc");
      long from = Objects.requireNonNullElse(event.iova(), 0L);
      long size = Objects.requireNonNullElse(event.size(), 0L);
      if ((ends || begins) && Long.compareUnsigned(iova - from, size) < 0) {
        return ends ? event : null;
      }
    }
    return null;
  }

  /** What is true beside the answer. */
  static List<Finding> notes(KernelLog log) {
    var notes = new ArrayList<Finding>();
    boolean intel =
        log.platform() == LogPlatform.INTEL_VTD || log.platform() == LogPlatform.TABLE_ONLY;
    boolean other = AMD_EVENTS.stream().anyMatch(event -> !log.signs(event.getKey()).isEmpty());
    if (intel && log.messages().contains("amd_vi_text") && !other) {
      notes.add(of("P3", NOTE, HIGH, Map.of()));
    }
    if (log.platform() == LogPlatform.XEN_VTD) {
      notes.add(of("P7", NOTE, HIGH, Map.of()));
    }
    if (log.platform() == LogPlatform.AMD_VI && log.kernelParameters().contains("amd_iommu=on")) {
      notes.add(of("NOTE.amdoption", NOTE, HIGH, Map.of()));
    }
    word(log, notes, "x2apic_opt_out", "T7");
    word(log, notes, "acs_override", "NOTE.acs");
    word(log, notes, "igfx_iommu_disabled", "NOTE.graphics");
    word(log, notes, "force_wbf", "NOTE.wbf");
    List<LogSign> unshared = log.signs(LogSign.Kind.NO_SHARED_ADDRESSES);
    if (!unshared.isEmpty()) {
      notes.add(
          new Finding(
              "NOTE.svm",
              NOTE,
              HIGH,
              Map.of(),
              unshared.stream().limit(3).map(PlatformRules::line).toList()));
    }
    if (!log.inconsistentFeatures().isEmpty()) {
      String what = String.join(", ", new java.util.LinkedHashSet<>(log.inconsistentFeatures()));
      notes.add(of("NOTE.features", NOTE, HIGH, Map.of("what", what)));
    }
    if (isWalkOfNothing(log)) {
      notes.add(of("NOTE.walk", NOTE, HIGH, Map.of()));
    }
    units(log, notes);
    long held = log.suppressed().stream().mapToLong(Long::longValue).sum();
    if (held > 0) {
      notes.add(of("NOTE.suppressed", NOTE, HIGH, Map.of("n", String.valueOf(held))));
    }
    return notes;
  }

  /** The kernel printed levels below a context entry that holds nothing. */
  private static boolean isWalkOfNothing(KernelLog log) {
    boolean empty = false;
    for (String line : log.pageWalk()) {
      empty |= EMPTY_CONTEXT.matcher(line).find();
      if (empty && line.startsWith("pte level")) {
        return true;
      }
    }
    return false;
  }

  private static void units(KernelLog log, List<Finding> notes) {
    boolean old = false;
    boolean noPasid = false;
    for (LogUnit unit : log.units()) {
      Long ecap = unit.ecap();
      if (ecap != null) {
        old |= !ExtendedCapabilityLayout.QI.isSet(ecap) && !ExtendedCapabilityLayout.IR.isSet(ecap);
        noPasid |=
            ExtendedCapabilityLayout.SMTS.isSet(ecap)
                && !ExtendedCapabilityLayout.PASID.isSet(ecap);
      }
    }
    if (old) {
      notes.add(of("NOTE.old", NOTE, HIGH, Map.of()));
    }
    if (noPasid) {
      notes.add(of("NOTE.nopasid", NOTE, MEDIUM, Map.of()));
    }
  }

  private static void word(KernelLog log, List<Finding> notes, String word, String rule) {
    if (log.messages().contains(word)) {
      notes.add(of(rule, NOTE, HIGH, Map.of()));
    }
  }

  private static Finding of(
      String rule, Finding.Role role, Finding.Confidence confidence, Map<String, String> values) {
    return new Finding(rule, role, confidence, values, List.of());
  }
}
