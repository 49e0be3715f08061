package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bits.Field;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.DeviceCommand;
import org.iommulab.lab.machine.Machine;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.jspecify.annotations.Nullable;

/**
 * Tables and the caches in front of them: H01 to H23, H40 to H47. What a kernel function does is
 * judged by what devices then meet, not inside the function.
 */
final class TableWatch implements Watcher {

  private static final Field TE = RegisterLayouts.GSTS.field("TES");

  private final Machine machine;
  private final int number;
  private final RemappingUnit unit;
  private final Capabilities caps;
  private final Shadow shadow;
  private final Ledger ledger;
  private final EntryCheck check;
  private final RootChange roots;
  private final RegisterCommand commands;
  private long knownRoot = -1;
  private boolean translating;
  private boolean built;

  TableWatch(Machine machine, int number) {
    this.machine = machine;
    this.number = number;
    unit = machine.units().get(number);
    caps = unit.configuration().capabilities();
    shadow = new Shadow(unit, machine.memory());
    ledger = new Ledger(number, unit, shadow);
    check = new EntryCheck(unit);
    roots = new RootChange(number, unit);
    commands = new RegisterCommand(unit);
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.Reset) {
      ledger.clear();
      roots.clear();
      translating = false;
    }
    if (step.command() instanceof Command.MemFlush flush) {
      ledger.flushed(flush.addr(), flush.len());
    }
    boolean structure = changes(step);
    events(step);
    ledger.complete(step);
    boolean on = TE.isSet(unit.read(RegisterLayouts.GSTS.position(), 4));
    long root = unit.latchedRootAddress();
    if (structure || root != knownRoot || on && !translating || !built) {
      knownRoot = root;
      built = true;
      rebuild(step, on);
    }
    translating = on;
    requests(step);
  }

  private void rebuild(Step step, boolean on) {
    var writable = new HashMap<Long, long[]>();
    shadow.rebuild(
        (place, address, value, leaf) -> {
          if (on) {
            check.paging(step, place, address, value, leaf);
          }
          if (leaf && isWritable(place, value) && writable.size() < 1_000_000) {
            writable.put(address, new long[] {place.iova(address), place.domain(), place.reach()});
          }
        });
    if (!on) {
      return;
    }
    shadow.bindings().forEach(b -> check.binding(step, b));
    shared(step);
    writable.forEach(
        (address, at) ->
            ownTables(
                step, address, machine.memory().readQword(address), at[0], (int) at[1], at[2]));
  }

  private static boolean isWritable(TableFrame place, long value) {
    return !place.guest() && SecondStageEntry.W.isSet(value);
  }

  /** H46: does a writable leaf lead to something the unit itself reads? */
  private void ownTables(Step step, long leaf, long value, long iova, int domain, long reach) {
    long frame = value & 0x000F_FFFF_FFFF_F000L & -reach;
    String what = null;
    long where = frame;
    if (reach == 4096) {
      List<TableFrame> places = shadow.of(frame);
      what = places.isEmpty() ? queue(frame, reach) : places.getFirst().name();
    } else {
      what = queue(frame, reach);
      for (long at = frame; what == null && at < frame + Math.min(reach, 1L << 24); at += 4096) {
        List<TableFrame> places = shadow.of(at);
        what = places.isEmpty() ? null : places.getFirst().name();
        where = at;
      }
    }
    boolean identity = frame == iova;
    if (what != null && !identity) {
      step.raise(
          "H46",
          leaf,
          List.of(Evidence.entry(leaf)),
          List.of(Remedy.write(leaf, 0)),
          Digits.bare(iova),
          domain,
          Digits.bare(where),
          what);
    }
  }

  private @Nullable String queue(long frame, long reach) {
    long status = unit.read(RegisterLayouts.GSTS.position(), 4);
    long queue = RegisterLayouts.IQA.field("IQA").get(unit.read(RegisterLayouts.IQA.position(), 8));
    if (RegisterLayouts.GSTS.field("QIES").isSet(status)
        && queue >= frame
        && queue - frame < reach) {
      return "the invalidation queue";
    }
    long interrupts =
        RegisterLayouts.IRTA.field("IRTA").get(unit.read(RegisterLayouts.IRTA.position(), 8));
    boolean remaps = RegisterLayouts.GSTS.field("IRES").isSet(status);
    return remaps && interrupts >= frame && interrupts - frame < reach
        ? "the interrupt table"
        : null;
  }

  /** H08 and H20: domain numbers that stand for two things. */
  private void shared(Step step) {
    var second = new HashMap<Integer, Bindings>();
    var first = new HashMap<List<Integer>, Bindings>();
    var others = new HashMap<Integer, Bindings>();
    for (Bindings b : shadow.bindings()) {
      if (b.type().usesSecond() && b.secondRoot() != 0) {
        Bindings other = second.putIfAbsent(b.domain(), b);
        if (other != null
            && (other.secondRoot() != b.secondRoot() || other.secondLevels() != b.secondLevels())) {
          raiseShared(step, "H08", other, b);
        }
      } else if (b.pasid() >= 0) {
        others.putIfAbsent(b.domain(), b);
        var key = List.of(b.domain(), b.pasid());
        Bindings other = b.firstRoot() == 0 ? null : first.putIfAbsent(key, b);
        if (other != null && other.firstRoot() != b.firstRoot()) {
          raiseShared(step, "H08", other, b);
        }
      }
    }
    for (Map.Entry<Integer, Bindings> other : others.entrySet()) {
      Bindings same = second.get(other.getKey());
      if (same != null) {
        step.raise(
            "H20",
            other.getKey(),
            List.of(Evidence.entry(other.getValue().entry()), Evidence.entry(same.entry())),
            List.of(),
            other.getKey(),
            who(step, other.getValue()),
            who(step, same));
      }
    }
  }

  private static String who(Step step, Bindings b) {
    String name = step.name(b.source());
    return b.pasid() < 0 ? name : name + " PASID " + b.pasid();
  }

  private void raiseShared(Step step, String rule, Bindings one, Bindings other) {
    step.raise(
        rule,
        one.domain(),
        List.of(Evidence.entry(one.entry()), Evidence.entry(other.entry())),
        List.of(),
        who(step, one),
        who(step, other),
        one.domain());
  }

  // ---- changes ---------------------------------------------------------------------------------

  /** Looks at what the command stored; tells whether tables hang together differently now. */
  private boolean changes(Step step) {
    boolean structure = false;
    var torn = new HashMap<Long, Integer>();
    for (long frame : step.changes().frames()) {
      List<TableFrame> places = shadow.of(frame);
      if (places.isEmpty()) {
        continue;
      }
      var changes = step.changes().in(frame, PhysicalMemory.FRAME_BYTES).iterator();
      while (changes.hasNext()) {
        PhysicalMemory.Change change = changes.next();
        for (TableFrame place : places) {
          structure |= change(step, place, change, torn);
        }
      }
    }
    boolean script =
        step.command() instanceof Command.MemWrite || step.command() instanceof Command.MemFill;
    if (script && translating) {
      ledger.reused(step);
    }
    if (script) {
      torn(step, torn);
    }
    return structure;
  }

  private boolean change(
      Step step, TableFrame place, PhysicalMemory.Change change, Map<Long, Integer> torn) {
    boolean raw = !step.byKernel();
    if (raw && !snoops(place)) {
      ledger.dirty(change.address(), step.number());
    }
    if (!translating && place.role() != TableFrame.Role.PAGING) {
      return true;
    }
    switch (place.role()) {
      case PAGING -> {
        return paging(step, place, change);
      }
      case CONTEXT -> context(step, place, change, torn);
      case PASID_TABLE -> pasid(step, place, change, torn);
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

  private boolean paging(Step step, TableFrame place, PhysicalMemory.Change change) {
    long rights = place.first() ? 0x7 : 0x7;
    long present = place.first() ? 1 : 7;
    long before = change.before();
    long after = change.after();
    boolean was = (before & present) != 0;
    boolean is = (after & present) != 0;
    boolean leafBefore = place.level() == 1 || SecondStageEntry.PS.isSet(before);
    boolean leafAfter = place.level() == 1 || SecondStageEntry.PS.isSet(after);
    if (translating && is) {
      check.paging(step, place, change.address(), after, leafAfter);
      if (leafAfter && isWritable(place, after)) {
        long iova = place.iova(change.address());
        ownTables(step, change.address(), after, iova, place.domain(), place.reach());
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
        size(step, place, change, leafBefore);
      }
    }
    return was && !leafBefore || is && !leafAfter;
  }

  private static boolean xd(long before, long after) {
    return !FirstStageEntry.XD.isSet(before) && FirstStageEntry.XD.isSet(after);
  }

  private void size(Step step, TableFrame place, PhysicalMemory.Change change, boolean large) {
    String page = "a page of " + (place.reach() >>> 20) + " MiB";
    long iova = place.iova(change.address());
    var fix = new ArrayList<String>();
    fix.add(Remedy.write(change.address(), 0));
    fix.addAll(Remedy.pages(step, number, place.domain(), iova, iova + place.reach() - 1));
    fix.add(Remedy.write(change.address(), change.after()));
    step.raise(
        "H12",
        change.address(),
        List.of(Evidence.command(step.number()), Evidence.entry(change.address())),
        fix,
        Digits.bare(iova),
        place.domain(),
        large ? page : "a table",
        large ? "a table" : page);
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

  private void context(
      Step step, TableFrame place, PhysicalMemory.Change change, Map<Long, Integer> torn) {
    int bytes = shadow.isScalable() ? 32 : 16;
    long entry = change.address() & -bytes;
    int source = (int) place.base() + (int) ((entry & 4095) / bytes);
    torn.merge(entry, 1, Integer::sum);
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

  private void pasid(
      Step step, TableFrame place, PhysicalMemory.Change change, Map<Long, Integer> torn) {
    long entry = change.address() & -64L;
    int pasid = (int) (place.base() + (entry >>> 6 & 63));
    torn.merge(entry, 1, Integer::sum);
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

  /** H19: entries that were live while more than one of their words was stored. */
  private void torn(Step step, Map<Long, Integer> torn) {
    if (!translating) {
      return;
    }
    torn.forEach(
        (entry, words) -> {
          boolean live =
              shadow.bindings().stream().anyMatch(b -> b.entry() == entry)
                  || shadow.isScalable() && wasLive(step, entry);
          boolean stays = (machine.memory().readQword(entry) & 1) != 0;
          if (words > 1 && live && (shadow.isScalable() || stays)) {
            step.raise(
                "H19",
                entry,
                List.of(Evidence.command(step.number()), Evidence.entry(entry)),
                List.of(),
                owner(step, entry),
                Digits.bare(entry),
                words);
          }
        });
  }

  private static boolean wasLive(Step step, long entry) {
    return step.changes().at(entry).filter(change -> (change.before() & 1) != 0).isPresent();
  }

  private String owner(Step step, long entry) {
    return shadow.bindings().stream()
        .filter(b -> b.entry() == entry)
        .findFirst()
        .map(b -> who(step, b))
        .orElse("a requester");
  }

  // ---- events ----------------------------------------------------------------------------------

  private void events(Step step) {
    for (Seen event : step.seen()) {
      switch (event) {
        case Seen.Descriptor seen when seen.unit() == number && seen.error() == 0 -> {
          Descriptor descriptor = Descriptor.of(seen);
          if (descriptor != null) {
            ledger.invalidated(step, descriptor);
            roots.invalidated(descriptor);
          }
        }
        case Seen.Write write when write.unit() == number -> {
          roots.written(step, write);
          Descriptor same = commands.of(write);
          if (same != null) {
            ledger.invalidatedByRegister(step, same);
            roots.invalidated(same);
          }
          if (write.offset() == RegisterLayouts.GCMD.position()
              && RegisterLayouts.GCMD.field("WBF").isSet(write.value())) {
            ledger.drainedBuffer();
          }
        }
        default -> {}
      }
    }
  }

  private void requests(Step step) {
    boolean ahead = step.command() instanceof DeviceCommand;
    for (Seen.Request request : step.requests()) {
      SourceId source = request.access().source();
      if (machine.unit(source).orElse(null) != unit || !translating) {
        continue;
      }
      if (request.access().type() == DmaAccess.AddressType.TRANSLATED) {
        continue;
      }
      int pasid = request.access().pasid();
      int domain =
          shadow.binding(source.value(), Math.max(pasid, 0)).map(Bindings::domain).orElse(-1);
      if (request.arrived()) {
        if (!exposed(step, request)) {
          ledger.served(step, request, domain);
        }
        if (ahead) {
          ledger.translatedAhead(step, request);
        }
        roots.served(step, request);
      } else if (request.blocked()) {
        ledger.refused(step, request, domain);
        var reason = request.chunk().reason();
        if (reason != null && (reason.code() == 0x90 || reason.code() == 0x7C)) {
          step.raise(
              "H47",
              source,
              List.of(Evidence.line(request.address())),
              List.of(),
              step.name(source),
              Digits.bare(request.address()));
        }
      }
    }
  }

  /** In lazy mode an unmapped range stays reachable on purpose for a while. */
  private static boolean exposed(Step step, Seen.Request request) {
    return step.kernel()
        .map(
            kernel ->
                kernel.dma().exposed().stream()
                    .anyMatch(
                        range ->
                            request.address() >= range.iova()
                                && request.address() - range.iova() < range.size()))
        .orElse(false);
  }

  @Override
  public void atEnd(Step last) {
    if (translating) {
      ledger.atEnd(last);
    }
    roots.atEnd(last);
  }
}
