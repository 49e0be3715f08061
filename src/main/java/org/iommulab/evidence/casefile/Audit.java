package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.iommulab.acpi.Dmar;
import org.iommulab.bus.MessageSink;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.context.Groups;
import org.iommulab.evidence.context.IoMemory;
import org.iommulab.evidence.inspection.PageRoles;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.words.Bilingual;

/** Who reaches what that nobody should: each finding with its proof and its weight. */
public final class Audit {

  private static final long PAGE = 4096;
  private static final int TRANSLATED_ALLOWED = 1;
  private static final List<String> KERNEL =
      List.of("Kernel code", "Kernel rodata", "Kernel data", "Kernel bss");

  private final Case opened;
  private final List<Exposure> found = new ArrayList<>();

  /** Whose tables are looked at: snapshot and unit, as far as there are several. */
  private String place = "";

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
  public record Exposure(Weight weight, String rule, Bilingual sentence, List<Bilingual> proof) {

    public Exposure {
      proof = List.copyOf(proof);
    }
  }

  /** Everything found, the worst first. */
  public static List<Exposure> of(Case opened) {
    var audit = new Audit(opened);
    for (Snapshot snapshot : opened.snapshots()) {
      for (int unit = 0; unit < snapshot.units().size(); unit++) {
        audit.unit(snapshot.ofUnit(unit));
      }
    }
    audit.place = "";
    audit.groups();
    audit.firmware();
    audit.found.sort(java.util.Comparator.comparing(Exposure::weight).reversed());
    return List.copyOf(audit.found);
  }

  private void add(Weight weight, String rule, Bilingual sentence, List<Bilingual> proof) {
    Bilingual whole = place.isEmpty() ? sentence : Bilingual.of("%s: %s", "%s：%s", place, sentence);
    found.add(new Exposure(weight, rule, whole, proof.subList(0, Math.min(proof.size(), 20))));
  }

  /** One unit of one snapshot; where there are several, findings say whose they are. */
  private void unit(Snapshot snapshot) {
    boolean several = snapshot.units().size() > 1;
    String name = opened.snapshots().size() > 1 ? snapshot.source() : "";
    place = several ? (name + " " + snapshot.unit().name()).strip() : name;
    TableBrowser tables = snapshot.tables();
    if (!tables.translationEnabled()) {
      add(
          Weight.ERROR,
          "translation-off",
          Bilingual.of(
              "Translation is off in %s: every device reaches all memory.",
              "%s 中转换关闭：每个设备都能访问全部内存。", snapshot.source()),
          List.of(Bilingual.same("GSTS.TES = 0")));
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
    return way.pasid().value() > 0 ? way.who() : opened.device(way.source().toString());
  }

  private void passThrough(List<Reach.Way> ways) {
    List<String> names = ways.stream().filter(Reach.Way::everything).map(this::who).toList();
    if (!names.isEmpty()) {
      add(
          Weight.WARNING,
          "pass-through",
          Bilingual.of(
              names.size() == 1
                  ? "%d requester passes through untranslated and reaches all memory."
                  : "%d requesters pass through untranslated and reach all memory.",
              "%d 个请求者不经转换直通，能访问全部内存。",
              names.size()),
          names.stream().map(Bilingual::same).toList());
    }
  }

  private void kernel(List<Reach.Way> ways) {
    IoMemory memory = opened.memory().orElse(null);
    if (memory == null) {
      return;
    }
    for (String part : KERNEL) {
      for (IoMemory.Range range : memory.named(part)) {
        reaches(ways, range.start(), range.end(), Weight.ERROR, "kernel", Bilingual.same(part));
      }
    }
  }

  private void reaches(
      List<Reach.Way> ways, long start, long end, Weight weight, String rule, Bilingual what) {
    var proof = new ArrayList<Bilingual>();
    for (Reach.Way way : ways) {
      MappedRange range = way.leadsTo(start, end);
      if (range != null) {
        proof.add(Bilingual.of("%s: %s", "%s：%s", who(way), Reach.words(range)));
      }
    }
    if (!proof.isEmpty()) {
      add(
          weight,
          rule,
          Bilingual.of(
              proof.size() == 1
                  ? "%s at 0x%x-0x%x is within reach of %d requester."
                  : "%s at 0x%x-0x%x is within reach of %d requesters.",
              "%s（0x%x-0x%x）可被 %d 个请求者访问。",
              what,
              start,
              end,
              proof.size()),
          proof);
    }
  }

  /** Pages that hold the unit's own structures. */
  private void ownTables(Snapshot snapshot, List<Reach.Way> ways) {
    var roles = new TreeMap<Long, String>(PageRoles.of(snapshot));
    var reached = new LinkedHashMap<String, List<Bilingual>>();
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
                        .add(
                            Bilingual.of(
                                "%s: page 0x%x by %s",
                                "%s：页 0x%x，经 %s", who(way), page, Reach.words(range)));
                  }
                });
      }
    }
    reached.forEach(
        (role, proof) ->
            add(
                Weight.ERROR,
                "own-tables",
                Bilingual.of(
                    "Pages of the unit's own structures (%s) are within reach of devices.",
                    "单元自身结构（%s）所在的页可被设备访问。", role),
                proof));
  }

  /** The same page in two domains. */
  private void sharedMemory(List<Reach.Way> ways) {
    var first = new TreeMap<Long, Reach.Way>();
    var spans = new HashMap<Long, MappedRange>();
    var pairs = new LinkedHashSet<Bilingual>();
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
                Bilingual.of(
                    "%s and %s at physical 0x%x",
                    "%s 与 %s，物理地址 0x%x",
                    who(before.getValue()),
                    who(way),
                    Math.max(other.physical(), range.physical())));
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
          Bilingual.of(
              "Memory is mapped in more than one domain (identity maps and peers do this on"
                  + " purpose).",
              "同一内存映射在多个域中（恒等映射与对等设备有意如此）。"),
          List.copyOf(pairs));
    }
  }

  private void interrupts(Snapshot snapshot, List<Reach.Way> ways) {
    reaches(
        ways,
        MessageSink.FIRST,
        MessageSink.LAST,
        Weight.ERROR,
        "interrupt-window",
        Bilingual.of("The interrupt window", "中断窗口"));
    boolean told = snapshot.registers().cap() != 0;
    if (told && snapshot.tables().interruptTable().isEmpty()) {
      add(
          Weight.WARNING,
          "no-interrupt-remapping",
          Bilingual.of(
              "Interrupt remapping is not set up in %s: devices can send any interrupt.",
              "%s 中没有设置中断重映射：设备可以发送任意中断。", snapshot.source()),
          List.of());
    }
    List<Bilingual> any =
        snapshot.tables().irtes().stream()
            .filter(entry -> Irte.P.isSet(entry.lo()) && Irte.SVT.get(entry.hi()) == 0)
            .map(entry -> Bilingual.of("entry %d", "表项 %d", entry.index()))
            .toList();
    if (!any.isEmpty()) {
      add(
          Weight.WARNING,
          "interrupt-source",
          Bilingual.of(
              any.size() == 1
                  ? "%d interrupt entry takes messages from any requester (SVT = 0)."
                  : "%d interrupt entries take messages from any requester (SVT = 0).",
              "%d 个中断表项接受任意请求者的消息（SVT = 0）。",
              any.size()),
          any);
    }
  }

  private void deviceTlbs(TableBrowser tables) {
    var trusted = new ArrayList<Bilingual>();
    for (ContextNode context : tables.contexts()) {
      boolean ats =
          context.present()
              && switch (context) {
                case ContextNode.Legacy legacy -> legacy.translationType() == TRANSLATED_ALLOWED;
                case ContextNode.Scalable scalable -> scalable.deviceTlb();
              };
      if (ats) {
        trusted.add(Bilingual.same(opened.device(context.source().toString())));
      }
    }
    if (!trusted.isEmpty()) {
      add(
          Weight.INFORMATION,
          "ats-trusted",
          Bilingual.of(
              trusted.size() == 1
                  ? "%d device is trusted to translate for itself (ATS): translated requests are"
                      + " not checked."
                  : "%d devices are trusted to translate for themselves (ATS): translated requests"
                      + " are not checked.",
              "%d 个设备被信任自行转换（ATS）：已转换的请求不再检查。",
              trusted.size()),
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
            Bilingual.of(
                "Group %d holds devices of several slots: they are not isolated.",
                "组 %d 包含多个插槽的设备：彼此没有隔离。", group.getKey()),
            real.stream().map(opened::device).map(Bilingual::same).toList());
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
                    Bilingual.of(
                        "Firmware does not ask for protection before the kernel starts (DMAR flag"
                            + " DMA_CTRL_PLATFORM_OPT_IN is clear).",
                        "固件没有要求在内核启动前保护（DMAR 标志 DMA_CTRL_PLATFORM_OPT_IN 未置位）。"),
                    List.of(Bilingual.of("DMAR flags 0x%x", "DMAR 标志 0x%x", table.flags()))));
    boolean override =
        opened.logs().stream().anyMatch(log -> log.messages().contains("acs_override"));
    if (override) {
      add(
          Weight.WARNING,
          "acs-override",
          Bilingual.of(
              "The ACS override is on: groups look better isolated than they are.",
              "启用了 ACS 覆盖：组看起来比实际隔离得更好。"),
          List.of());
    }
  }
}
