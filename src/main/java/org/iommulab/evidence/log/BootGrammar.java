package org.iommulab.evidence.log;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What driver and hypervisor print of tables and units while they start. Source: diagnosis.md 1.1,
 * 1.2, 1.7.
 */
final class BootGrammar {

  private static final String H = "(?:0x)?([0-9a-fA-F]{1,16})";
  private static final Pattern WIDTH = Pattern.compile("(?i)host address width\\s+(\\d{1,3})");
  private static final Pattern DRHD = Pattern.compile("DRHD base:\\s*" + H + "\\s+flags:\\s*" + H);
  private static final Pattern OLD_DRHD =
      Pattern.compile("DRHD \\(flags:\\s*" + H + "\\)\\s*base:\\s*" + H);
  private static final Pattern RMRR = Pattern.compile("RMRR base:\\s*" + H + "\\s+end:\\s*" + H);
  private static final Pattern UNIT =
      Pattern.compile(
          "(?:(dmar\\d{1,4})|IOMMU (\\d{1,4}))[: ]+reg_base_addr\\s+"
              + H
              + "\\s+ver\\s+(\\d{1,3}:\\d{1,3})\\s+cap\\s+"
              + H
              + "\\s+ecap\\s+"
              + H);
  private static final Pattern OLD_UNIT =
      Pattern.compile("IOMMU " + H + ": ver (\\d{1,3}:\\d{1,3}) cap " + H + " ecap " + H);
  private static final Pattern ATSR = Pattern.compile("ATSR flags:\\s*" + H);
  private static final Pattern SATC = Pattern.compile("SATC flags:\\s*" + H);
  private static final Pattern RHSA =
      Pattern.compile("RHSA base:\\s*" + H + "\\s+proximity domain:\\s*" + H);
  private static final Pattern ANDD =
      Pattern.compile("ANDD device:\\s*([0-9a-fA-F]{1,4})\\s+name:\\s*(\\S+)");
  private static final Pattern IOAPIC =
      Pattern.compile("IOAPIC id (\\d{1,5}) under DRHD base\\s+" + H);
  private static final Pattern HPET = Pattern.compile("HPET id (\\d{1,5}) under DRHD base\\s+" + H);
  private static final Pattern QUEUED =
      Pattern.compile(
          "(?:(dmar\\d{1,4})|IOMMU:? (\\d{1,4})(?: 0x[0-9a-f]+)?): [Uu]sing Queued inv");
  private static final Pattern COPIED = Pattern.compile("Copied IR table for (dmar\\d{1,4})");
  private static final Pattern IR_MODE =
      Pattern.compile("Enabled (?:IRQ|Interrupt|interrupt)[ -]remapping in (x2apic|xapic) mode");
  private static final Pattern FEATURE = Pattern.compile("IOMMU feature (\\w+) inconsistent");
  private static final Pattern IDENTITY =
      Pattern.compile(
          "([0-9a-fA-F]{4,5}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]):? (?:DMAR: |IOMMU: )?"
              + "Setting identity map (\\[[^\\]]*\\])");
  private static final Pattern OLD_IDENTITY =
      Pattern.compile("Setting identity map for device (\\S+) (\\[[^\\]]*\\])");
  private static final Pattern XEN_UNIT = Pattern.compile("(?:dmaru|drhd)->address = " + H);
  private static final Pattern XEN_CAPABILITIES = Pattern.compile("cap = " + H + "\\s+ecap = " + H);
  private static final Pattern XEN_SCOPE =
      Pattern.compile("(endpoint|bridge|IOAPIC|MSI HPET): (" + "[0-9a-fA-F:.]{7,13})");
  private static final Pattern XEN_FLAGS = Pattern.compile("flags: INCLUDE_ALL");
  private static final Pattern XEN_RMRR =
      Pattern.compile(
          "RMRR (?:region: base_addr "
              + H
              + " end_addr "
              + H
              + "|address range:? "
              + H
              + "\\.\\."
              + H
              + ")");
  private static final Pattern XEN_ABSENT =
      Pattern.compile(
          "Non-existent device \\(([0-9a-fA-F:.]+)\\) is reported in RMRR \\("
              + H
              + ",\\s*"
              + H
              + "\\)");

  /** Both words of a descriptor, or the first and no beginning of the second. */
  private static final String DESCRIPTOR =
      "qw0 = 0x[0-9a-f]+(?:$|,\\s*(?:qw1 = 0x[0-9a-f]|[^q\\s]))";

  private static final Pattern DOMAIN_TYPE =
      Pattern.compile("Default domain type:\\s*(\\w+(?:\\s*\\(set [^)]*\\))?)");
  private static final Pattern POLICY =
      Pattern.compile("TLB invalidation policy:\\s*(\\w+ mode(?:\\s*\\(set [^)]*\\))?)");

  /** How lines begin that may need their second half. */
  private static final Keywords OPENINGS =
      Keywords.any(
          "reg_base_addr",
          "drhd base:",
          "rmrr base:",
          "rhsa base:",
          " under drhd base",
          "andd device:",
          "non-existent device (",
          "rmrr region:",
          "host address width",
          "handling fault status reg",
          "bad rmrr",
          "no firmware reserved region",
          "root entry: hi",
          "context entry: hi",
          "pte level:",
          "vt-d detected invalidation",
          "qi head:",
          "qi prior:",
          "iommu feature",
          "setting identity map",
          "vfio_map_dma",
          "vfio_dma_map(0x",
          "dump dmar",
          "ommand line: ");

  private final LogFacts facts;
  private LogFacts.@Nullable UnitDraft xenUnit;
  private @Nullable LogRmrr xenRmrr;
  private boolean inRmrr;
  private final java.util.List<String> rmrrDevices = new java.util.ArrayList<>();

  BootGrammar(LogFacts facts) {
    this.facts = facts;
  }

  /** Lines that need their second half: which beginning wants which end. */
  static boolean isUnfinished(String text) {
    return OPENINGS.in(text) != 0 && isOpen(text);
  }

  private static boolean isOpen(String text) {
    return open(text, "reg_base_addr", "ecap [0-9a-fA-Fx]+")
        || open(text, "DRHD base:", "flags:\\s*\\S")
        || open(text, "RMRR base:", "end:\\s*\\S")
        || open(text, "RHSA base:", "domain:\\s*\\S")
        || open(text, " under DRHD base", "base\\s+(?:0x)?[0-9a-fA-F]+")
        || open(text, "ANDD device:", "name:\\s*\\S")
        || open(text, "Non-existent device (", "scope")
        || open(text, "RMRR region:", "end_addr [0-9a-f]")
        || open(text, "Host address width", "width\\s+\\d")
        || open(text, "handling fault status reg", "reg (?:0x)?[0-9a-fA-F]+")
        || open(text, "bad RMRR", "bad RMRR \\[[^\\]]*\\]")
        || open(text, "No firmware reserved region", "RMRR \\[[^\\]]*\\]")
        || open(text, "root entry: hi", "low 0x[0-9a-f]")
        || open(text, "context entry: hi", "low 0x[0-9a-f]")
        || open(text, "pte level:", "value: 0x[0-9a-f]")
        || open(text, "VT-d detected Invalidation", "(?:Reason|SID) [0-9a-f]")
        || open(text, "QI HEAD:", DESCRIPTOR)
        || open(text, "QI PRIOR:", DESCRIPTOR)
        || isCommandLine(text)
        || open(text, "IOMMU feature", "inconsistent")
        || open(text, "Setting identity map", "\\[[^\\]]*\\]")
        || open(text, "VFIO_MAP_DMA", "VFIO_MAP_DMA(?: failed)?:")
        || open(text, "vfio_dma_map(0x", "\\)\\s*= -?\\d")
        || open(text, "Dump dmar", "IOVA 0x[0-9a-f]+");
  }

  static boolean isCommandLine(String text) {
    return text.contains("ommand line: ");
  }

  /** Words of a command line that mail software broke. */
  static boolean isParameters(String text) {
    return text.indexOf('=') > 0 && text.indexOf(". ") < 0 && text.indexOf(", ") < 0;
  }

  private static boolean open(String text, String start, String end) {
    int at = text.indexOf(start);
    return at >= 0 && !Pattern.compile(end).matcher(text).region(at, text.length()).find();
  }

  void read(LogLine line) {
    String text = line.text();
    if (line.xen() || text.contains("[VT-D]") || xenUnit != null) {
      xen(line);
    }
    if (text.contains("RMRR base:") || text.contains("DRHD") || text.contains("reg_base_addr")) {
      tables(line);
    }
    small(line);
    Keywords.match(
        "Default domain type", DOMAIN_TYPE, text, m -> facts.domainType = m.group(1).strip());
    Keywords.match(
        "TLB invalidation policy", POLICY, text, m -> facts.flushPolicy = m.group(1).strip());
  }

  private void tables(LogLine line) {
    String text = line.text();
    Keywords.match(
        "DRHD base",
        DRHD,
        text,
        m -> facts.unit(line.number(), hex(m, 1), null).flags = (int) hex(m, 2));
    Keywords.match(
        "DRHD (flags",
        OLD_DRHD,
        text,
        m -> facts.unit(line.number(), hex(m, 2), null).flags = (int) hex(m, 1));
    Keywords.match(
        "RMRR base",
        RMRR,
        text,
        m ->
            facts.rmrr(
                new LogRmrr(line.number(), hex(m, 1), hex(m, 2), java.util.List.of(), false)));
    Keywords.match(
        "reg_base_addr",
        UNIT,
        text,
        m -> {
          LogFacts.UnitDraft unit = facts.unit(line.number(), hex(m, 3), hex(m, 5));
          unit.name = m.group(1) != null ? m.group(1) : "dmar" + m.group(2);
          unit.version = m.group(4);
          unit.cap = hex(m, 5);
          unit.ecap = hex(m, 6);
        });
  }

  private void small(LogLine line) {
    String text = line.text();
    Keywords.match(
        "idth", WIDTH, text, m -> facts.hostAddressWidth = first(facts.hostAddressWidth, m));
    Keywords.match(
        ": ver ",
        OLD_UNIT,
        text,
        m -> {
          LogFacts.UnitDraft unit = facts.unit(line.number(), hex(m, 1), hex(m, 3));
          unit.name = unit.name == null ? "dmar" + unit.index : unit.name;
          unit.version = m.group(2);
          unit.cap = hex(m, 3);
          unit.ecap = hex(m, 4);
        });
    Keywords.match("ATSR flags", ATSR, text, m -> LogFacts.add(facts.atsrFlags, hex(m, 1)));
    Keywords.match("SATC flags", SATC, text, m -> LogFacts.add(facts.satcFlags, hex(m, 1)));
    Keywords.match(
        "RHSA base",
        RHSA,
        text,
        m -> LogFacts.add(facts.affinities, new LogFacts.Placed(hex(m, 2), hex(m, 1))));
    Keywords.match(
        "ANDD device",
        ANDD,
        text,
        m ->
            LogFacts.add(
                facts.namespaceDevices,
                new LogFacts.Named(Long.parseLong(m.group(1), 16), m.group(2))));
    Keywords.match("IOAPIC id", IOAPIC, text, m -> LogFacts.add(facts.ioapics, placed(m)));
    Keywords.match("HPET id", HPET, text, m -> LogFacts.add(facts.hpets, placed(m)));
    Keywords.match(
        "sing Queued inv",
        QUEUED,
        text,
        m ->
            LogFacts.add(facts.queuedUnits, m.group(1) != null ? m.group(1) : "dmar" + m.group(2)));
    Keywords.match(
        "Copied IR table", COPIED, text, m -> LogFacts.add(facts.copiedTables, m.group(1)));
    Keywords.match("remapping in ", IR_MODE, text, m -> facts.interruptMode = m.group(1));
    Keywords.match(
        "IOMMU feature", FEATURE, text, m -> LogFacts.add(facts.inconsistent, m.group(1)));
    Keywords.match(
        "Setting identity map",
        IDENTITY,
        text,
        m -> LogFacts.add(facts.identityMaps, new LogFacts.IdentityMap(m.group(1), m.group(2))));
    Keywords.match(
        "Setting identity map",
        OLD_IDENTITY,
        text,
        m -> LogFacts.add(facts.identityMaps, new LogFacts.IdentityMap(m.group(1), m.group(2))));
  }

  private static Integer first(@Nullable Integer known, Matcher matcher) {
    return known != null ? known : Integer.valueOf(matcher.group(1));
  }

  private static LogFacts.Placed placed(Matcher matcher) {
    return new LogFacts.Placed(Long.parseLong(matcher.group(1)), hex(matcher, 2));
  }

  private void xen(LogLine line) {
    String text = line.text();
    if (text.contains("found ACPI_DMAR_")) {
      xenUnit = null;
      xenRmrr = null;
      inRmrr = text.contains("RMRR");
      rmrrDevices.clear();
    }
    Keywords.match(
        "->address",
        XEN_UNIT,
        text,
        m -> {
          LogFacts.UnitDraft unit = facts.unit(line.number(), hex(m, 1), null);
          unit.name = unit.name == null ? String.valueOf(unit.index) : unit.name;
          unit.flags = unit.flags == null ? 0 : unit.flags;
          xenUnit = unit;
          facts.xenVtd = true;
        });
    LogFacts.UnitDraft unit = xenUnit;
    if (unit != null) {
      Keywords.match(
          "ecap = ",
          XEN_CAPABILITIES,
          text,
          m -> {
            unit.cap = hex(m, 1);
            unit.ecap = hex(m, 2);
          });
      if (XEN_FLAGS.matcher(text).find()) {
        unit.flags = 1;
      }
    }
    Keywords.match(
        ": ",
        XEN_SCOPE,
        text,
        m -> {
          if (inRmrr) {
            rmrrDevices.add(m.group(2));
          } else if (unit != null && unit.scope.size() < 256) {
            unit.scope.add(m.group(1) + " " + m.group(2));
          }
        });
    Keywords.match(
        "RMRR ",
        XEN_RMRR,
        text,
        m -> {
          int at = m.group(1) == null ? 3 : 1;
          facts.rmrr(new LogRmrr(line.number(), hex(m, at), hex(m, at + 1), rmrrDevices, false));
        });
    Keywords.match(
        "Non-existent device",
        XEN_ABSENT,
        text,
        m -> {
          facts.rmrr(
              new LogRmrr(
                  line.number(), hex(m, 2), hex(m, 3), java.util.List.of(m.group(1)), true));
          String device = m.group(1).replaceFirst("^0000:", "");
          LogFacts.add(
              facts.firmwareBugs,
              "RMRR "
                  + m.group(2).toLowerCase(Locale.ROOT)
                  + "-"
                  + m.group(3).toLowerCase(Locale.ROOT)
                  + " names device "
                  + device
                  + " which is not present");
        });
  }

  private static long hex(Matcher matcher, int group) {
    return Long.parseUnsignedLong(matcher.group(group), 16);
  }
}
