package org.iommulab.evidence.log;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Single lines with a meaning of their own: options, quirks, firmware bugs, failed invalidations.
 */
final class MessageGrammar {

  private static final String H = "(?:0x)?([0-9a-fA-F]{1,16})";

  /** Texts that say one thing, and the word it has in JSON. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("Virtualization Technology for Directed I/O", "vtd_active"),
          Map.entry("IOMMU enabled", "iommu_enabled"),
          Map.entry("Intel-IOMMU: enabled", "iommu_enabled"),
          Map.entry("IOMMU disabled", "iommu_disabled"),
          Map.entry("Queued invalidation will be enabled to support x2apic", "qi_for_x2apic"),
          Map.entry("BIOS sets x2apic opt out bit", "x2apic_opt_out"),
          Map.entry("IRQ remapping doesn't support X2APIC mode", "no_x2apic"),
          Map.entry("No ATSR found", "no_atsr"),
          Map.entry("No SATC found", "no_satc"),
          Map.entry("No RMRR found", "no_rmrr"),
          Map.entry("Disabling IOMMU for graphics on this chipset", "igfx_iommu_disabled"),
          Map.entry("Disable GFX device mapping", "igfx_off"),
          Map.entry("Skip IOMMU disabling for graphics", "igfx_kept"),
          Map.entry("Forcing write-buffer flush capability", "force_wbf"),
          Map.entry("PCIe ACS overrides enabled", "acs_override"),
          Map.entry("Enable scalable mode if hardware supports", "scalable_mode_requested"),
          Map.entry("scalable mode supported", "scalable_mode_requested"),
          Map.entry("Scalable mode is disallowed", "scalable_mode_off"),
          Map.entry("force enabled due to platform opt in", "platform_opt_in"),
          Map.entry("This system BIOS has enabled interrupt remapping", "ir_erratum"),
          Map.entry("(ITE) cleared", "ite_cleared"),
          Map.entry("(IQE) cleared", "iqe_cleared"),
          Map.entry("(ICE) cleared", "ice_cleared"),
          Map.entry("No DMAR devices found", "no_dmar_devices"),
          Map.entry("Parse DMAR table failure", "dmar_parse_failure"),
          Map.entry("No DRHD structure found", "no_drhd"),
          Map.entry("Not enabling interrupt remapping", "ir_not_enabled"),
          Map.entry("does not support EIM", "no_eim"),
          Map.entry("irq-injection attacks", "ir_failed"),
          Map.entry("Translation already enabled", "translation_left_on"),
          Map.entry("Translation was enabled for", "translation_left_on"),
          Map.entry("IRQ remapping was enabled on", "ir_left_on"),
          Map.entry("Disable batched IOTLB flush", "strict_requested"),
          Map.entry("Disable supported super page", "superpage_off"),
          Map.entry("Forcing DAC for PCI devices", "forced_dac"),
          Map.entry("no shadow GTT; disabling IOMMU for graphics", "igfx_no_shadow_gtt"),
          Map.entry("No interrupt remapping support", "vfio_no_ir"),
          Map.entry("PRQ overflow detected", "prq_overflow"));

  private static final List<String> VTD_WORDS =
      List.of(
          "vtd_active",
          "qi_for_x2apic",
          "x2apic_opt_out",
          "igfx_iommu_disabled",
          "igfx_kept",
          "force_wbf",
          "ir_erratum",
          "ite_cleared",
          "iqe_cleared",
          "ice_cleared");

  private static final Pattern CALLBACKS =
      Pattern.compile("dmar_fault: (\\d{1,12}) callbacks suppressed");
  private static final Pattern PRINTK = Pattern.compile("printk: (\\d{1,12}) messages suppressed");
  private static final Pattern QI_ERROR =
      Pattern.compile(
          "VT-d detected Invalidation (Queue|Time-out|Completion) Error: (Reason|SID) " + H);
  private static final Pattern QI_DESCRIPTOR =
      Pattern.compile("QI (HEAD|PRIOR): (.{1,60}?)\\s+qw0 = " + H + "(?:,\\s*qw1 = " + H + ")?");
  private static final Pattern BUG = Pattern.compile("\\[Firmware (?:Bug|Warn)\\]:\\s*(.*)");
  private static final Pattern BROKEN =
      Pattern.compile(
          "((?:Your BIOS is broken[;,]|BIOS has allocated no shadow|[Ff]ailed to find hand\\w{1,6}"
              + " for ACPI object).*)");
  private static final Pattern NOT_RESERVED =
      Pattern.compile("(RMRR address range .* not in reserved memory.*)");
  private static final Pattern BIOS =
      Pattern.compile("BIOS vendor: (.*?); Ver: (.*?); Product Version:(.*)");
  private static final Pattern COMMAND_LINE = Pattern.compile("(?:Kernel c|C)ommand line:\\s*(.*)");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?:intel_iommu|amd_iommu|iommu|pci|pcie_\\w+|intremap|vfio\\w*|nox2apic|x2apic\\w*"
              + "|swiotlb|dmar|nomodeset|i915|xe|elfcorehdr|crashkernel)(?:[.=].*)?");
  private static final List<String> NOT_ABOUT_IT = List.of("crashkernel", "elfcorehdr");
  private static final Pattern WALK =
      Pattern.compile(
          "(Dump dmar\\d+ table entries for IOVA .*"
              + "|scalable mode root entry:.*|root entry:.*|root table(?: entry)? is not present.*"
              + "|context (?:table|table entry) is not present.*|context entry:.*"
              + "|legacy mode page table is not present.*|pasid dir(?:ectory)? (?:entry|table).*"
              + "|pasid table (?:entry\\[\\d\\]:|is not|entry is not).*"
              + "|scalable mode page table is not present.*|pte level:.*"
              + "|PTE not present at level .*|page table not present at level .*)");
  private static final Pattern XEN_WALK =
      Pattern.compile(
          "((?:root_entry|context|l[1-6])(?:\\[[0-9a-f]{1,4}\\])? (?:= [0-9a-f_]+|not present).*)");

  private static final Keywords ANY_WORD =
      Keywords.any(
          WORDS.keySet().stream()
              .map(word -> word.toLowerCase(Locale.ROOT))
              .toArray(String[]::new));

  private static final Keywords ANY_FIRMWARE =
      Keywords.any(
          "[firmware ",
          "bios is broken",
          "bios has allocated",
          "failed to find handle",
          "not in reserved memory",
          "bios vendor: ");

  private static final Keywords ANY_WALK =
      Keywords.any(
          "dump dmar",
          "root entry:",
          "root table",
          "context table",
          "context entry",
          "mode page table",
          "pasid dir",
          "pasid table",
          "pte level:",
          "pte not present",
          "page table not present");

  private final LogFacts facts;

  MessageGrammar(LogFacts facts) {
    this.facts = facts;
  }

  /** Status lines, which storms have as many of as faults; true if this is one. */
  boolean status(LogLine line) {
    String text = line.text();
    int at = Cursor.find(text, "handling fault status reg", 0);
    if (at < 0) {
      return false;
    }
    Long value = new Cursor(text, at + "handling fault status reg".length()).hex();
    if (value != null && facts.statuses.size() < LogFacts.MOST_FAULTS) {
      facts.statuses.add(value);
    }
    facts.driver = true;
    return true;
  }

  void read(LogLine line) {
    String text = line.text();
    if (ANY_WORD.in(text) != 0) {
      WORDS.forEach(
          (words, name) -> {
            if (text.contains(words)) {
              word(name, text);
            }
          });
    }
    if (text.contains("suppressed")) {
      suppressed(text, line.xen());
    }
    if (text.contains("VT-d detected") || text.contains("QI ")) {
      invalidation(line);
    }
    if (ANY_FIRMWARE.in(text) != 0) {
      firmware(text);
    }
    if (line.xen() || ANY_WALK.in(text) != 0) {
      walk(line);
    }
    if (facts.commandLine == null && text.contains("ommand line:")) {
      commandLine(text);
    }
  }

  private void word(String name, String text) {
    boolean amd = text.contains("AMD-Vi");
    if (amd && !name.equals("acs_override")) {
      return;
    }
    facts.messages.add(name);
    if (VTD_WORDS.contains(name)) {
      facts.driver = true;
    }
  }

  private void suppressed(String text, boolean xen) {
    Matcher callbacks = CALLBACKS.matcher(text);
    if (callbacks.find()) {
      LogFacts.add(facts.suppressed, Long.parseLong(callbacks.group(1)));
      facts.driver = true;
    }
    Matcher printk = PRINTK.matcher(text);
    if (xen && printk.find()) {
      LogFacts.add(facts.suppressed, Long.parseLong(printk.group(1)));
    }
  }

  private void invalidation(LogLine line) {
    Matcher error = QI_ERROR.matcher(line.text());
    while (error.find()) {
      long value = Long.parseUnsignedLong(error.group(3), 16);
      boolean reason = error.group(2).equals("Reason");
      LogFacts.add(
          facts.invalidationErrors,
          new InvalidationError(
              line.number(),
              error.group(1),
              reason ? value : null,
              reason ? null : value,
              null,
              null,
              null,
              null));
      facts.driver = true;
    }
    Matcher descriptor = QI_DESCRIPTOR.matcher(line.text());
    if (descriptor.find()) {
      LogFacts.add(
          facts.invalidationErrors,
          new InvalidationError(
              line.number(),
              null,
              null,
              null,
              descriptor.group(1),
              descriptor.group(2),
              Long.parseUnsignedLong(descriptor.group(3), 16),
              descriptor.group(4) == null
                  ? null
                  : Long.parseUnsignedLong(descriptor.group(4), 16)));
      facts.driver = true;
    }
  }

  private void firmware(String text) {
    Matcher bug = BUG.matcher(text);
    String found = null;
    if (bug.find()) {
      found = bug.group(1);
    } else {
      Matcher broken = BROKEN.matcher(text);
      Matcher reserved = NOT_RESERVED.matcher(text);
      if (broken.find()) {
        found = broken.group(1);
      } else if (reserved.find()) {
        found = reserved.group(1);
      }
    }
    if (found != null && isAboutRemapping(text, found)) {
      LogFacts.add(
          facts.firmwareBugs,
          found.replaceFirst(",? contact(?: BIOS(?: vendor.*)?)?$", "").strip());
    }
    Matcher bios = BIOS.matcher(text);
    if (bios.find() && facts.bios == null) {
      facts.bios =
          new LogFacts.Bios(bios.group(1).strip(), bios.group(2).strip(), bios.group(3).strip());
    }
  }

  private static boolean isAboutRemapping(String text, String found) {
    String all = text.toLowerCase(Locale.ROOT);
    return !all.contains("amd-vi")
        && (all.contains("dmar")
            || all.contains("rmrr")
            || all.contains("drhd")
            || all.contains("rhsa")
            || all.contains("andd")
            || all.contains("iommu")
            || found.contains("for ACPI object")
            || found.startsWith("ioapic ") && all.contains("mapping iommu"));
  }

  private void walk(LogLine line) {
    Matcher walk = WALK.matcher(line.text());
    boolean named = walk.find();
    if (!named && line.xen()) {
      walk = XEN_WALK.matcher(line.text());
      named = walk.find();
    }
    if (named && walk.start() <= "DMAR: ".length() + 8) {
      LogFacts.add(facts.walk, new LogFacts.WalkLine(line.number(), walk.group(1).strip()));
      facts.driver |= !line.xen();
    }
  }

  private void commandLine(String text) {
    Matcher matcher = COMMAND_LINE.matcher(text);
    if (!matcher.find()) {
      return;
    }
    String line = matcher.group(1).strip();
    facts.commandLine = line;
    for (String word : line.split("\\s+")) {
      boolean wanted = PARAMETER.matcher(word).matches();
      if (wanted && NOT_ABOUT_IT.stream().noneMatch(word::startsWith)) {
        LogFacts.add(facts.kernelParameters, word);
      }
    }
  }
}
