package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.machine.Machine;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.SecondStageEntry;

/** Reads what was stored to tables, and writes into the ledger what caches have to be told. */
final class TableChanges {

  private final Machine machine;
  private final Capabilities caps;
  private final Shadow shadow;
  private final Ledger ledger;
  private final InvalidationRules invalidations;
  private final LiveEntryRules entries;
  private final EntryCheck check;
  private final OwnTableRule ownTables;
  private final ReuseRules reuse;

  TableChanges(
      Machine machine,
      Capabilities caps,
      Shadow shadow,
      Ledger ledger,
      InvalidationRules invalidations,
      LiveEntryRules entries,
      EntryCheck check,
      OwnTableRule ownTables,
      ReuseRules reuse) {
    this.machine = machine;
    this.caps = caps;
    this.shadow = shadow;
    this.ledger = ledger;
    this.invalidations = invalidations;
    this.entries = entries;
    this.check = check;
    this.ownTables = ownTables;
    this.reuse = reuse;
  }

  /** Looks at what the command stored; tells whether tables hang together differently now. */
  boolean read(Step step, boolean translating) {
    boolean structure = false;
    entries.clear();
    for (long frame : step.changes().frames()) {
      List<TableFrame> places = shadow.of(frame);
      if (places.isEmpty()) {
        continue;
      }
      var changes = step.changes().in(frame, PhysicalMemory.FRAME_BYTES).iterator();
      while (changes.hasNext()) {
        PhysicalMemory.Change change = changes.next();
        for (TableFrame place : places) {
          structure |= change(step, place, change, translating);
        }
      }
    }
    boolean script =
        step.command() instanceof Command.MemWrite || step.command() instanceof Command.MemFill;
    if (script && translating) {
      reuse.stored(step);
      entries.torn(step);
    }
    return structure;
  }

  private boolean change(
      Step step, TableFrame place, PhysicalMemory.Change change, boolean translating) {
    boolean raw = !step.byKernel();
    if (raw && !snoops(place)) {
      invalidations.stored(change.address(), step.number());
    }
    if (!translating && place.role() != TableFrame.Role.PAGING) {
      return true;
    }
    switch (place.role()) {
      case PAGING -> {
        return paging(step, place, change, translating);
      }
      case CONTEXT -> context(step, place, change);
      case PASID_TABLE -> pasid(step, place, change);
      case ROOT, PASID_DIRECTORY -> {}
    }
    return true;
  }

  private boolean snoops(TableFrame place) {
    if (!shadow.isScalable()) {
      return caps.has(ExtendedCapabilityLayout.C);
    }
    boolean can = caps.has(ExtendedCapabilityLayout.SMPWCS);
    return place.role() == TableFrame.Role.PAGING
        ? can
            && shadow
                .binding(place.source(), Math.max(place.pasid(), 0))
                .map(b -> PasidEntry.PWSNP.isSet(b.words()[1]))
                .orElse(true)
        : can;
  }

  private boolean paging(
      Step step, TableFrame place, PhysicalMemory.Change change, boolean translating) {
    long rights = 0x7;
    long present = place.first() ? 1 : 7;
    long before = change.before();
    long after = change.after();
    boolean was = (before & present) != 0;
    boolean is = (after & present) != 0;
    boolean leafBefore = place.level() == 1 || SecondStageEntry.PS.isSet(before);
    boolean leafAfter = place.level() == 1 || SecondStageEntry.PS.isSet(after);
    if (translating && is) {
      check.paging(step, place, change.address(), after, leafAfter);
      if (leafAfter && OwnTableRule.concerns(place, after)) {
        long iova = place.iova(change.address());
        ownTables.judge(step, change.address(), after, iova, place.domain(), place.reach());
      }
    }
    if (translating) {
      boolean moved = ((before ^ after) & 0x000F_FFFF_FFFF_F000L) != 0;
      boolean shrunk = (before & rights & ~after) != 0 || place.first() && xd(before, after);
      if (was && (!is || moved || shrunk || leafBefore != leafAfter)) {
        open(step, place, change, leafBefore, false);
      } else if (!was && is && !place.first() && caps.has(CapabilityLayout.CM)) {
        open(step, place, change, leafAfter, true);
      } else if (!was && is && caps.has(CapabilityLayout.RWBF)) {
        open(step, place, change, leafAfter, true).inBuffer = true;
      }
      if (was && is && leafBefore != leafAfter && place.level() > 1 && !step.byKernel()) {
        entries.resized(step, place, change, leafBefore);
      }
    }
    return was && !leafBefore || is && !leafAfter;
  }

  private static boolean xd(long before, long after) {
    return !FirstStageEntry.XD.isSet(before) && FirstStageEntry.XD.isSet(after);
  }

  private Obligation open(
      Step step, TableFrame place, PhysicalMemory.Change change, boolean leaf, boolean absent) {
    long from = place.iova(change.address());
    var opened =
        new Obligation(
            leaf ? Obligation.Kind.LEAF : Obligation.Kind.TABLE,
            step,
            place,
            change.address(),
            change.before(),
            change.after(),
            place.domain(),
            place.pasid(),
            place.source(),
            from,
            from + place.reach() - 1);
    opened.wasAbsent = absent;
    opened.writable = SecondStageEntry.W.isSet(change.before());
    opened.frame = (change.before() & 0x000F_FFFF_FFFF_F000L) >>> 12;
    if (!absent) {
      for (int device : ledger.ahead(place.domain())) {
        boolean holds =
            machine
                .deviceTlb(new SourceId(device))
                .map(tlb -> !tlb.lines().isEmpty())
                .orElse(false);
        if (holds) {
          opened.devices.add(device);
        }
      }
    }
    ledger.add(opened);
    return opened;
  }

  private void context(Step step, TableFrame place, PhysicalMemory.Change change) {
    int bytes = shadow.isScalable() ? 32 : 16;
    long entry = change.address() & -bytes;
    int source = (int) place.base() + (int) ((entry & 4095) / bytes);
    entries.stored(entry);
    long ignored =
        change.address() == entry
            ? ContextEntry.FPD.mask()
            : shadow.isScalable() ? 0 : ContextEntry.AVAIL.mask();
    if (((change.before() ^ change.after()) & ~ignored) == 0) {
      return;
    }
    long now = machine.memory().readQword(entry);
    boolean was = ContextEntry.P.isSet(before(step, entry, now));
    int domain = shadow.binding(source, -1).map(Bindings::domain).orElse(0);
    bound(step, place, entry, change, was, now, domain, -1, source, Obligation.Kind.CONTEXT);
  }

  private static long before(Step step, long entry, long now) {
    return step.changes().at(entry).map(PhysicalMemory.Change::before).orElse(now);
  }

  private void pasid(Step step, TableFrame place, PhysicalMemory.Change change) {
    long entry = change.address() & -64L;
    int pasid = (int) (place.base() + (entry >>> 6 & 63));
    entries.stored(entry);
    long now = machine.memory().readQword(entry);
    boolean was = PasidEntry.P.isSet(before(step, entry, now));
    int domain = shadow.binding(place.source(), pasid).map(Bindings::domain).orElse(0);
    bound(
        step, place, entry, change, was, now, domain, pasid, place.source(), Obligation.Kind.PASID);
  }

  private void bound(
      Step step,
      TableFrame place,
      long entry,
      PhysicalMemory.Change change,
      boolean was,
      long now,
      int domain,
      int pasid,
      int source,
      Obligation.Kind kind) {
    boolean known =
        ledger.open().stream()
            .anyMatch(o -> o.entry == entry && o.step == step.number() && o.kind == kind);
    boolean announced = !was && (now & 1) != 0 && caps.has(CapabilityLayout.CM);
    if (known || !was && !announced) {
      return;
    }
    var opened =
        new Obligation(
            kind, step, place, entry, change.before(), now, domain, pasid, source, 0, -1L);
    opened.wasAbsent = announced;
    shadow
        .binding(source, pasid)
        .ifPresent(
            b -> {
              opened.secondStage = b.type().usesSecond();
              boolean holds =
                  b.ahead()
                      && machine
                          .deviceTlb(b.source())
                          .map(tlb -> !tlb.lines().isEmpty())
                          .orElse(false);
              if (holds && !opened.wasAbsent) {
                opened.devices.add(source);
              }
            });
    ledger.add(opened);
  }
}
