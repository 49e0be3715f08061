package org.iommulab.evidence.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.iommulab.bus.MessageSink;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogSign;

/**
 * What QEMU and other programs say when the kernel refuses to map memory for an assigned device, or
 * to attach it. Source: Linux {@code vfio_iommu_type1.c}, {@code iommufd}; QEMU {@code hw/vfio}.
 */
final class ProgramRules {

  /** The kernel's answer, as a number or in the words of {@code strerror}, and the rule for it. */
  private static final List<Map.Entry<Pattern, String>> ANSWERS =
      List.of(
          answer("rlimit_memlock|[=:] -12\\b|cannot allocate memory", "V3"),
          answer("[=:] -28\\b|no space left", "V7"),
          answer("[=:] -14\\b|bad address", "V5"),
          answer("[=:] -17\\b|file exists|[=:] -2\\b|no such file", "V6"),
          answer("[=:] -22\\b|invalid argument", "V4"));

  private static final Pattern MAPPED =
      Pattern.compile("dma_map\\(0x[0-9a-f]+, 0x([0-9a-f]{1,16}), 0x([0-9a-f]{1,16}),");

  /** AMD reserves the last 12 GiB below 1 TiB for HyperTransport. */
  private static final long HYPER_TRANSPORT = 0xFD_0000_0000L;

  /** The narrowest unit of today's machines translates 39 bits. */
  private static final long NARROW = 1L << 39;

  private ProgramRules() {}

  private static Map.Entry<Pattern, String> answer(String words, String rule) {
    return Map.entry(Pattern.compile(words), rule);
  }

  static Optional<Finding> explain(KernelLog log) {
    List<LogSign> refused = log.signs(LogSign.Kind.MAP_REFUSED);
    if (!refused.isEmpty()) {
      return Optional.of(TroubleRules.finding(mapping(refused), refused));
    }
    List<LogSign> unattached = log.signs(LogSign.Kind.ATTACH_REFUSED);
    boolean told =
        unattached.isEmpty()
            || !log.signs(LogSign.Kind.VFIO_REFUSED).isEmpty()
            || !log.signs(LogSign.Kind.NOT_VIABLE).isEmpty()
            || !log.signs(LogSign.Kind.NO_GUEST_INTERRUPTS).isEmpty()
            || !log.firmwareBugs().isEmpty();
    if (told) {
      return Optional.empty();
    }
    String text = unattached.getFirst().text().toLowerCase(Locale.ROOT);
    String rule =
        text.contains("no iommu_group")
            ? "V8"
            : text.contains("multiple address")
                ? "V10"
                : text.contains("/dev/vfio/") ? opening(text) : "V9";
    return Optional.of(TroubleRules.finding(rule, unattached));
  }

  /** Why the file of a group could not be opened. */
  private static String opening(String text) {
    return text.contains("busy") ? "V11" : text.contains("no such file") ? "V12" : "V13";
  }

  /** What QEMU's own unit says of a request it refused. Source: QEMU {@code intel_iommu.c}. */
  static Optional<Finding> emulated(KernelLog log) {
    List<LogSign> signs = log.signs(LogSign.Kind.EMULATED_UNIT);
    if (signs.isEmpty()) {
      return Optional.empty();
    }
    String all = signs.stream().map(LogSign::text).collect(Collectors.joining(" "));
    String rule =
        all.contains("reserve non-zero") || all.contains("reserved bit")
            ? "E1.bit"
            : all.contains("overflow") ? "E1.wide" : "E1";
    return Optional.of(TroubleRules.finding(rule, signs));
  }

  private static String mapping(List<LogSign> signs) {
    for (Map.Entry<Pattern, String> answer : ANSWERS) {
      for (LogSign sign : signs) {
        if (answer.getKey().matcher(sign.text().toLowerCase(Locale.ROOT)).find()) {
          return answer.getValue().equals("V4") ? range(signs) : answer.getValue();
        }
      }
    }
    return "V9";
  }

  /** The kernel calls a range invalid that is too far, or that others own. */
  private static String range(List<LogSign> signs) {
    for (LogSign sign : signs) {
      Matcher mapped = MAPPED.matcher(sign.text());
      if (mapped.find()) {
        long from = Long.parseUnsignedLong(mapped.group(1), 16);
        long last = from + Long.parseUnsignedLong(mapped.group(2), 16) - 1;
        boolean reserved =
            from <= MessageSink.FIRST && last >= MessageSink.FIRST
                || from < HYPER_TRANSPORT && last >= HYPER_TRANSPORT;
        return reserved ? "V4.reserved" : from >= NARROW ? "V4.wide" : "V4";
      }
    }
    return "V4";
  }
}
