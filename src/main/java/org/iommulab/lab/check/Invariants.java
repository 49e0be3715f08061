package org.iommulab.lab.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.check.Violation.Rule;
import org.iommulab.lab.machine.Machine;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.memory.Page;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.request.UnitCounters;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableUse;

/** Checks the rules of {@link Violation.Rule}; looks only, changes nothing. */
public final class Invariants {

  private final Machine machine;
  private final Optional<Kernel> kernel;
  private final List<Violation> findings = new ArrayList<>();

  private Invariants(Machine machine, Optional<Kernel> kernel) {
    this.machine = machine;
    this.kernel = kernel;
  }

  /** What does not hold now. */
  public static List<Violation> findings(Machine machine, Optional<Kernel> kernel) {
    var invariants = new Invariants(machine, kernel);
    List<RemappingUnit> units = machine.units();
    for (int i = 0; i < units.size(); i++) {
      invariants.check(
          units.get(i), units.size() == 1 ? "" : String.format(Locale.ROOT, "unit %d: ", i));
    }
    return List.copyOf(invariants.findings);
  }

  private void check(RemappingUnit unit, String where) {
    var browser = new TableBrowser(machine.memory(), RegisterValues.of(unit));
    Arrays.stream(CacheLine.Cache.values())
        .flatMap(cache -> unit.lines(cache).stream())
        .filter(unit::grantsTooMuch)
        .forEach(line -> add(Rule.CACHES_FOLLOW_TABLES, true, where + sentence(line)));
    for (var forbidden : browser.programming()) {
      add(Rule.PROGRAMMING_IS_ALLOWED, false, where + forbidden.text());
    }
    checkFaults(unit, browser, where);
    checkCounts(unit.counters(), where);
    kernel.ifPresent(running -> checkFrames(browser, running.frames(), where));
  }

  private void add(Rule rule, boolean excused, String text) {
    findings.add(new Violation(rule, excused, text));
  }

  private static String sentence(CacheLine line) {
    String name = line.cache().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String what =
        line.cache() == CacheLine.Cache.INTERRUPT_ENTRY
            ? Long.toString(line.page())
            : line.size() == 0
                ? String.format(Locale.ROOT, "of %s", new SourceId(line.source()))
                : String.format(Locale.ROOT, "for 0x%x of domain %d", line.page(), line.domain());
    return String.format(
        Locale.ROOT,
        ("the %s entry %s (set %d, way %d) says what the tables no longer say; nothing has"
            + " invalidated it since they changed"),
        name,
        what,
        line.set(),
        line.way());
  }

  private void checkFaults(RemappingUnit unit, TableBrowser browser, String where) {
    boolean pending = browser.faults().stream().anyMatch(FaultNode::pending);
    long status = unit.read(RegisterLayouts.FSTS.position(), 4);
    if (pending != RegisterLayouts.FSTS.field("PPF").isSet(status)) {
      String text =
          pending
              ? "a fault record is in use, but FSTS.PPF does not say so"
              : "FSTS.PPF is set, but no fault record is in use";
      add(Rule.NO_FAULT_IS_LOST, false, where + text);
    }
    if (RegisterLayouts.FSTS.field("PFO").isSet(status)) {
      String text = "FSTS.PFO is set: faults came while no record was free, and left none";
      add(Rule.NO_FAULT_IS_LOST, true, where + text);
    }
  }

  private void checkCounts(UnitCounters counts, String where) {
    // One message of a device with a translation cache may need many lookups.
    boolean ahead =
        machine.devices().stream().anyMatch(d -> machine.deviceTlb(d.source()).isPresent());
    boolean sane =
        counts.iotlbHits() + counts.iotlbMisses() <= counts.requests()
            && counts.contextHits() + counts.contextMisses() <= counts.requests()
            && counts.faults() <= counts.requests() + counts.interrupts();
    if (!sane && !ahead) {
      add(Rule.COUNTS_ADD_UP, false, where + "lookups or faults outnumber requests: " + counts);
    }
  }

  private void checkFrames(TableBrowser browser, FrameAllocator frames, String where) {
    if (!browser.translationEnabled()) {
      return;
    }
    for (long address : linked(browser)) {
      if (machine.memory().isRam(address, Page.BYTES) && !frames.isTaken(Page.number(address))) {
        String text = "the unit reads a table at 0x%x, but that page frame is free";
        add(Rule.LINKED_FRAMES_ARE_OWNED, false, where + String.format(Locale.ROOT, text, address));
      }
    }
  }

  /** All pages the unit reads to translate, but for tables at guest addresses. */
  private static Iterable<Long> linked(TableBrowser browser) {
    var pages = new TreeSet<Long>();
    browser.rootTable().ifPresent(pages::add);
    for (ContextNode context : browser.contexts()) {
      pages.add(context.address() & -Page.BYTES);
      if (context instanceof ContextNode.Scalable scalable) {
        pages.addAll(browser.pasidTables(scalable));
      }
    }
    for (TableUse use : browser.uses()) {
      TableKey key = use.table();
      if (!use.guestPointers()) {
        browser.table(key).forEachTable((address, level) -> pages.add(address));
      }
    }
    return pages;
  }
}
