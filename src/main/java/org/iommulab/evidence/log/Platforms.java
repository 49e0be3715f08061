package org.iommulab.evidence.log;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells Intel from Xen from AMD, by who really did something. */
final class Platforms {

  private static final Pattern DRIVER =
      Pattern.compile(
          "(?:^|[ \\]:\"`(])(?:DMAR|DMAR-IR|dmar\\d*|INTR-REMAP|DRHD|Intel-IOMMU)\\s*(?::"
              + " |:\\[|:|_fault:)|reg_base_addr|(?:IOAPIC|HPET) id \\d+ under DRHD|for Directed"
              + " I/O|\\[(?:DMA (?:Read|Write)|INTR-REMAP)[^\\]]*\\]\\s*Request device|bad"
              + " RMRR|dmar_fault|DMAR-IR|DMAR reported at address|VT-d active for gfx|DMAR"
              + " active,|platform RMRR"
              + " requirement|qi_submit_sync|vtd_(?:iova_to|iommu_translate|dmar_fault)");
  private static final Pattern TABLE =
      Pattern.compile("ACPI: (?:DMAR |Reserving DMAR )|in table \\[DMAR\\]");
  private static final List<String> AMD_NOTHING =
      List.of(
          "IOMMUv2 functionality not available",
          "IOMMUv2 driver by",
          "Unknown option",
          "AMD-Vi: Disabled by default");
  private static final List<String> AMD_HINTS =
      List.of("EDAC amd64", "AMD Ryzen", "AMD EPYC", "AuthenticAMD", "AMDI00");
  private static final List<String> INTEL_HINTS =
      List.of(
          "Intel(R) Core", "Intel(R) Xeon", "Intel(R) Pentium", "Intel(R) Celeron", "GenuineIntel");

  private static final Keywords ANY_HINT =
      Keywords.any(
          Stream.concat(AMD_HINTS.stream(), INTEL_HINTS.stream())
              .map(hint -> hint.toLowerCase(Locale.ROOT))
              .toArray(String[]::new));

  private Platforms() {}

  static void read(LogLine line, LogFacts facts) {
    String text = line.text();
    if (text.contains("AMD-Vi")) {
      boolean nothing = AMD_NOTHING.stream().anyMatch(text::contains);
      facts.amdText |= nothing;
      facts.amdReal |= !nothing;
      if (text.contains("AMD-Vi: ")) {
        facts.messages.add("amd_vi_text");
      }
      return;
    }
    if (ANY_HINT.in(text) != 0) {
      facts.amdHint |= AMD_HINTS.stream().anyMatch(text::contains);
      facts.intelHint |= INTEL_HINTS.stream().anyMatch(text::contains);
    }
    if (text.contains("DMAR") && TABLE.matcher(text).find()) {
      facts.table = true;
      return;
    }
    if (line.xen() || text.contains("[VT-D]")) {
      String all = text.toLowerCase(Locale.ROOT);
      facts.xenVtd |= all.contains("vt-d") || all.contains("vtd") || all.contains("dmar");
      return;
    }
    if (!facts.driver && DRIVER.matcher(text).find()) {
      facts.driver = true;
    }
  }

  static LogPlatform of(LogFacts facts) {
    if (facts.xenVtd) {
      return LogPlatform.XEN_VTD;
    }
    if (facts.driver) {
      return LogPlatform.INTEL_VTD;
    }
    if (facts.amdReal) {
      return LogPlatform.AMD_VI;
    }
    if (facts.table) {
      return LogPlatform.TABLE_ONLY;
    }
    if (facts.amdHint && !facts.intelHint || facts.amdText && !facts.intelHint) {
      return LogPlatform.AMD_INACTIVE;
    }
    return LogPlatform.NONE;
  }
}
