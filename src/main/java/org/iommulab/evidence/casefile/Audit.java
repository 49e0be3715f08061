package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.iommulab.acpi.Dmar;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.context.Groups;
import org.iommulab.evidence.context.IoMemory;
import org.iommulab.evidence.inspection.PageRoles;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;

/** Who reaches what that nobody should: each finding with its proof and its weight. */
public final class Audit {

  private static final long PAGE = 4096;
  private static final long INTERRUPTS = 0xFEE0_0000L;
  private static final long INTERRUPTS_END = 0xFEEF_FFFFL;
  private static final int TRANSLATED_ALLOWED = 1;
  private static final List<String> KERNEL =
      List.of("Kernel code", "Kernel rodata", "Kernel data", "Kernel bss");

  private final Case opened;
  private final List<Exposure> found = new ArrayList<>();

  private Audit(Case opened) {
    this.opened = opened;
  }

  /** How much a finding matters. */
  public enum Weight {
    /** Worth knowing. */
    INFORMATION,
    /** Protection is weaker than it looks. */
    WARNING,
    /** A device reaches what it must never reach. */
    ERROR
  }

  /**
   * One finding.
   *
   * @param weight how much it matters
   * @param rule a short name
   * @param sentence what is wrong
   * @param proof entries and ranges that show it
   */
  public record Exposure(Weight weight, String rule, String sentence, List<String> proof) {

    public Exposure {
      proof = List.copyOf(proof);
    }
  }

  /** Everything found, the worst first. */
  public static List<Exposure> of(Case opened) {
    var audit = new Audit(opened);
    opened.snapshots().forEach(audit::snapshot);
    audit.groups();
    audit.firmware();
    audit.found.sort(java.util.Comparator.comparing(Exposure::weight).reversed());
    return List.copyOf(audit.found);
  }

  private void add(Weight weight, String rule, String sentence, List<String> proof) {
    found.add(new Exposure(weight, rule, sentence, proof.subList(0, Math.min(proof.size(), 20))));
  }

  private void snapshot(Snapshot snapshot) {
    TableBrowser tables = snapshot.tables();
    if (!tables.translationEnabled()) {
      add(
          Weight.ERROR,
          "translation-off",
          "Translation is off in " + snapshot.source() + ": every device reaches all memory.",
          List.of("GSTS.TES = 0"));
      return;
    }
    List<Reach.Way> ways = Reach.of(tables);
    passThrough(ways);
    kernel(ways);
    ownTables(snapshot, ways);
    sharedMemory(ways);
    interrupts(snapshot, ways);
    deviceTlbs(tables);
  }

  private String who(Reach.Way way) {
    return way.pasid() > 0 ? way.who() : opened.device(way.source().toString());
  }

  private void passThrough(List<Reach.Way> ways) {
    List<String> names = ways.stream().filter(Reach.Way::everything).map(this::who).toList();
    if (!names.isEmpty()) {
      add(
          Weight.WARNING,
          "pass-through",
          names.size()
              + (names.size() == 1 ? " requester passes" : " requesters pass")
              + " through untranslated and reach all memory.",
          names);
    }
  }

  private void kernel(List<Reach.Way> ways) {
    IoMemory memory = opened.memory().orElse(null);
    if (memory == null) {
      return;
    }
    for (String part : KERNEL) {
      for (IoMemory.Range range : memory.named(part)) {
        reaches(ways, range.start(), range.end(), Weight.ERROR, "kernel", part);
      }
    }
  }

  private void reaches(
      List<Reach.Way> ways, long start, long end, Weight weight, String rule, String what) {
    var proof = new ArrayList<String>();
    for (Reach.Way way : ways) {
      MappedRange range = way.leadsTo(start, end);
      if (range != null) {
        proof.add(who(way) + ": " + Reach.text(range));
      }
    }
    if (!proof.isEmpty()) {
      add(
          weight,
          rule,
          what
              + String.format(Locale.ROOT, " at 0x%x-0x%x is within reach of ", start, end)
              + proof.size()
              + (proof.size() == 1 ? " requester." : " requesters."),
          proof);
    }
  }

  /** Pages that hold the unit's own structures. */
  private void ownTables(Snapshot snapshot, List<Reach.Way> ways) {
    var roles = new TreeMap<Long, String>(PageRoles.of(snapshot));
    var reached = new LinkedHashMap<String, List<String>>();
    for (Reach.Way way : ways) {
      for (MappedRange range : way.ranges()) {
        long end = range.physical() + range.size();
        roles
            .subMap(range.physical() & -PAGE, true, end, false)
            .forEach(
                (page, role) -> {
                  if (!role.startsWith("acpi")) {
                    reached
                        .computeIfAbsent(role, key -> new ArrayList<>())
                        .add(who(way) + ": page " + Reach.hex(page) + " by " + Reach.text(range));
                  }
                });
      }
    }
    reached.forEach(
        (role, proof) ->
            add(
                Weight.ERROR,
                "own-tables",
                "Pages of the unit's own structures (" + role + ") are within reach of devices.",
                proof));
  }

  /** The same page in two domains. */
  private void sharedMemory(List<Reach.Way> ways) {
    var first = new TreeMap<Long, Reach.Way>();
    var spans = new HashMap<Long, MappedRange>();
    var pairs = new LinkedHashSet<String>();
    var seen = new HashSet<Object>();
    for (Reach.Way way : ways) {
      if (!seen.add(way.ranges()) && !way.ranges().isEmpty()) {
        continue;
      }
      for (MappedRange range : way.ranges()) {
        Map.Entry<Long, Reach.Way> before = first.lowerEntry(range.physical() + range.size());
        if (before != null && before.getValue().domainId() != way.domainId()) {
          MappedRange other = spans.get(before.getKey());
          if (other != null && other.physical() + other.size() > range.physical()) {
            pairs.add(
                who(before.getValue())
                    + " and "
                    + who(way)
                    + " at physical "
                    + Reach.hex(Math.max(other.physical(), range.physical())));
          }
        }
        first.put(range.physical(), way);
        spans.put(range.physical(), range);
      }
    }
    if (!pairs.isEmpty()) {
      add(
          Weight.INFORMATION,
          "shared-memory",
          "Memory is mapped in more than one domain (identity maps and peers do this on purpose).",
          List.copyOf(pairs));
    }
  }

  private void interrupts(Snapshot snapshot, List<Reach.Way> ways) {
    reaches(
        ways, INTERRUPTS, INTERRUPTS_END, Weight.ERROR, "interrupt-window", "The interrupt window");
    boolean told = snapshot.registers().cap() != 0;
    if (told && snapshot.tables().interruptTable().isEmpty()) {
      add(
          Weight.WARNING,
          "no-interrupt-remapping",
          "Interrupt remapping is not set up in "
              + snapshot.source()
              + ": devices can send any interrupt.",
          List.of());
    }
    List<String> any =
        snapshot.tables().irtes().stream()
            .filter(entry -> Irte.P.isSet(entry.lo()) && Irte.SVT.get(entry.hi()) == 0)
            .map(entry -> "entry " + entry.index())
            .toList();
    if (!any.isEmpty()) {
      add(
          Weight.WARNING,
          "interrupt-source",
          any.size() + " interrupt entries take messages from any requester (SVT = 0).",
          any);
    }
  }

  private void deviceTlbs(TableBrowser tables) {
    var trusted = new ArrayList<String>();
    for (ContextNode context : tables.contexts()) {
      boolean ats =
          context.present()
              && switch (context) {
                case ContextNode.Legacy legacy -> legacy.translationType() == TRANSLATED_ALLOWED;
                case ContextNode.Scalable scalable -> scalable.deviceTlb();
              };
      if (ats) {
        trusted.add(opened.device(context.source().toString()));
      }
    }
    if (!trusted.isEmpty()) {
      add(
          Weight.INFORMATION,
          "ats-trusted",
          trusted.size()
              + (trusted.size() == 1 ? " device is" : " devices are")
              + " trusted to translate for themselves (ATS): translated requests are not checked.",
          trusted);
    }
  }

  private void groups() {
    Groups groups = opened.groups().orElse(null);
    if (groups == null) {
      return;
    }
    for (Map.Entry<Integer, List<String>> group : new TreeMap<>(groups.members()).entrySet()) {
      List<String> real = group.getValue().stream().filter(this::isNoBridge).toList();
      Set<String> slots = new HashSet<>();
      real.forEach(device -> slots.add(device.replaceFirst("\\.\\d$", "")));
      if (slots.size() > 1) {
        add(
            Weight.WARNING,
            "group",
            "Group " + group.getKey() + " holds devices of several slots: they are not isolated.",
            real.stream().map(opened::device).toList());
      }
    }
  }

  private boolean isNoBridge(String device) {
    return opened
        .devices()
        .map(list -> list.devices().get(device))
        .map(found -> !found.bridge())
        .orElse(true);
  }

  private void firmware() {
    opened
        .dmar()
        .filter(table -> (table.flags() & Dmar.PLATFORM_OPT_IN) == 0)
        .ifPresent(
            table ->
                add(
                    Weight.INFORMATION,
                    "dma-before-boot",
                    "Firmware does not ask for protection before the kernel starts (DMAR flag"
                        + " DMA_CTRL_PLATFORM_OPT_IN is clear).",
                    List.of("DMAR flags " + Reach.hex(table.flags()))));
    boolean override =
        opened.logs().stream().anyMatch(log -> log.messages().contains("acs_override"));
    if (override) {
      add(
          Weight.WARNING,
          "acs-override",
          "The ACS override is on: groups look better isolated than they are.",
          List.of());
    }
  }
}
