package org.iommulab.evidence.kind;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells texts apart by the form of their lines: every line votes, and what only one kind of text
 * has weighs more than what many have.
 */
final class TextForms {

  private static final int MOST_LINES = 400;

  /** A form of line, the kind it speaks for, and how loudly. */
  private record Form(Pattern pattern, Kind kind, int weight) {}

  private static final List<Form> FORMS =
      List.of(
          form(
              "^\\s*\\[(?:0x)?[0-9A-Fa-f]{3,8}h? +\\d+d? +(?:0x)?[0-9A-Fa-f]+h?\\] ",
              Kind.TABLE_TEXT,
              20),
          form("^\\[0004\\]\\s+Signature : \"DMAR\"", Kind.TABLE_TEXT, 200),
          form("^\\s*DMAR @ (?:0x)?[0-9a-fA-F]+", Kind.TABLE_TEXT, 200),
          form(
              "(?i)^[\\s>]*(?:0x)?0{4,16}:?\\s+(?:44 4d 41 52|444d 4152|4d44 5241|444d4152)",
              Kind.TABLE_TEXT,
              200),
          form("^IOMMU: \\S+ Register Base Address: ", Kind.DEBUGFS, 300),
          form("^IOMMU \\S+: Root Table Address: ", Kind.DEBUGFS, 300),
          form("^Device \\S+(?: with pasid [0-9a-f]+)? @0x", Kind.DEBUGFS, 300),
          form("^Invalidation queue on IOMMU: ", Kind.DEBUGFS, 300),
          form("^(?:Remapped|Posted) Interrupt supported on IOMMU: ", Kind.DEBUGFS, 300),
          form("^(?:DMA Remapping is not enabled on|\\*{4}$)", Kind.DEBUGFS, 100),
          form(
              "^(?:(?:\\d+@)?\\d+\\.\\d{6}:|\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z )vtd_\\w+",
              Kind.QEMU_TRACE, 60),
          form(
              "^\\s*(?:\\S.{0,40}[-\\s]\\d+(?:/\\d+)?\\s+)?(?:\\(.{1,12}\\)\\s+)?\\[\\d{3}\\].{0,12}"
                  + " \\d+\\.\\d+: (?:\\w+:)?\\w+: ",
              Kind.FTRACE, 60),
          form("^# tracer: ", Kind.FTRACE, 60),
          form(
              "(?:^|[\\s\\]:])(?:DMAR(?:-IR)?|dmar|AMD-Vi|INTR-REMAP|iommu): ?\\S",
              Kind.KERNEL_LOG,
              40),
          form("Request device \\[", Kind.KERNEL_LOG, 60),
          form("\\(XEN\\) ", Kind.KERNEL_LOG, 20),
          form("^(?:<\\d+>)?\\[ *\\d+\\.\\d{6}\\]", Kind.KERNEL_LOG, 4),
          form("^\\[\\w{3} \\w{3} +\\d+ \\d\\d:", Kind.KERNEL_LOG, 4),
          form("^\\w{3} +\\d+ \\d\\d:\\d\\d:\\d\\d \\S+ kernel: ", Kind.KERNEL_LOG, 4),
          form("\"(?:MESSAGE|_BOOT_ID|__REALTIME_TIMESTAMP)\" ?:", Kind.KERNEL_LOG, 60),
          form("^\\s*\"msg\" ?:", Kind.KERNEL_LOG, 8),
          form("^MESSAGE=", Kind.KERNEL_LOG, 40),
          form("^\\d+,\\d+,\\d+,[^;]{0,9};", Kind.KERNEL_LOG, 6),
          form("^(?:[0-9a-f]{4,5}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7] [\\w\"]", Kind.LSPCI, 10),
          form("^\\s*(?:\\+|\\\\)-[0-9a-f]{2}(?:\\.[0-7])?(?:-\\[|  )", Kind.LSPCI, 10),
          form("^-\\[[0-9a-f]{4}:[0-9a-f]{2}\\]-", Kind.LSPCI, 60),
          form("^ *[0-9a-f]{8,16}-[0-9a-f]{8,16} : ", Kind.IOMEM, 10),
          form(
              "^(?:BOOT_IMAGE=|.*\\bro(?:ot)?[= ].*\\b(?:quiet|console=|iommu)).*$",
              Kind.COMMAND_LINE,
              20),
          form(
              "^(?:/sys/kernel/iommu_groups/)?\\d*/?(?:devices/)?.*iommu_groups/\\d+/",
              Kind.GROUPS,
              10),
          form("^(?:IOMMU )?[Gg]roup:? \\d+", Kind.GROUPS, 10),
          form("^ +\\d+: +\\d+ .*(?:IO-APIC|PCI-MSI|IR-)", Kind.INTERRUPTS, 10),
          form("^ +CPU0 ", Kind.INTERRUPTS, 20),
          form("^(?:CONFIG_\\w+=|# CONFIG_\\w+ is not set)", Kind.KERNEL_CONFIG, 10),
          form("^[0-9a-fA-F]+: 0x[0-9a-fA-F]+ 0x", Kind.REGISTERS, 20),
          form("^\\{.*\"op\" ?: ?\"", Kind.SCRIPT, 20),
          form("^\\{.*\"(?:iommu-lab|journal)\"", Kind.JOURNAL, 40));

  private static Form form(String pattern, Kind kind, int weight) {
    return new Form(Pattern.compile(pattern), kind, weight);
  }

  private TextForms() {}

  static Kind of(String text) {
    Map<Kind, Integer> votes = new EnumMap<>(Kind.class);
    text.lines()
        .limit(MOST_LINES)
        .map(line -> line.length() > 600 ? line.substring(0, 600) : line)
        .forEach(line -> vote(line, votes));
    Kind best = Kind.TEXT;
    int most = 0;
    for (Map.Entry<Kind, Integer> vote : votes.entrySet()) {
      if (vote.getValue() > most) {
        most = vote.getValue();
        best = vote.getKey();
      }
    }
    if (best == Kind.TEXT && isJson(text)) {
      return Kind.JSON;
    }
    return best;
  }

  private static void vote(String line, Map<Kind, Integer> votes) {
    String plain = line.replaceFirst("^(?:\u001b\\[[\\d;]*m)*[> ]*> ?", "");
    for (Form form : FORMS) {
      if (form.pattern().matcher(plain).find()) {
        votes.merge(form.kind(), form.weight(), Integer::sum);
      }
    }
  }

  private static boolean isJson(String text) {
    String start = text.stripLeading();
    return start.startsWith("{\"") || start.startsWith("[{") || start.matches("(?s)\\{\\s*\".*");
  }
}
