package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/** Changes of one unit's tables that its caches have not been told of, and how they are settled. */
final class Ledger {

  /** Most changes kept; the oldest go first. */
  private static final int LIMIT = 4096;

  /** Most settled changes kept, for those who reuse a frame that was not drained. */
  private static final int SETTLED = 256;

  private final int number;
  private final RemappingUnit unit;
  private final Shadow shadow;
  private final List<Obligation> open = new ArrayList<>();
  private final List<Obligation> settled = new ArrayList<>();
  private final List<Descriptor> waits = new ArrayList<>();
  private final Map<Long, Integer> dirty = new HashMap<>();

  Ledger(int number, RemappingUnit unit, Shadow shadow) {
    this.number = number;
    this.unit = unit;
    this.shadow = shadow;
  }

  void clear() {
    open.clear();
    settled.clear();
    waits.clear();
    dirty.clear();
  }

  List<Obligation> open() {
    return open;
  }

  void add(Obligation obligation) {
    if (open.size() >= LIMIT) {
      open.removeFirst();
    }
    open.add(obligation);
  }

  /** A processor store to a table that this unit does not snoop. */
  void dirty(long address, int step) {
    if (dirty.size() < LIMIT) {
      dirty.put(address >>> 6, step);
    }
  }

  void flushed(long address, long length) {
    for (long line = address >>> 6; line <= address + Math.max(length, 1) - 1 >>> 6; line++) {
      dirty.remove(line);
    }
  }

  // ---- invalidations ---------------------------------------------------------------------------

  void invalidated(Step step, Descriptor d) {
    if (d.type() == InvalidationDescriptor.WAIT) {
      waited(step, d);
      return;
    }
    for (Obligation o : open) {
      boolean fetchedBefore = o.fetched;
      apply(o, d);
      if ((o.fetched && !fetchedBefore || o.partial == d) && dirty.containsKey(o.entry >>> 6)) {
        step.raise(
            "H05",
            o.key(),
            List.of(
                Evidence.command(o.step),
                Evidence.entry(o.entry),
                Evidence.descriptor(d.address())),
            List.of(
                String.format(
                    Locale.ROOT,
                    "{\"op\":\"mem.flush\",\"addr\":\"%s\",\"len\":8}",
                    Digits.of(o.entry))),
            Digits.bare(o.entry),
            o.step);
      }
    }
    if (d.type() == InvalidationDescriptor.IOTLB && d.granularity() == 3) {
      reviewRounding(step, d);
    }
  }

  private static void apply(Obligation o, Descriptor d) {
    switch (d.type()) {
      case CONTEXT_CACHE -> contexts(o, d);
      case PASID_CACHE -> pasids(o, d);
      case IOTLB -> translations(o, d);
      case PASID_IOTLB -> pasidTranslations(o, d);
      case DEVICE_TLB, PASID_DEVICE_TLB -> deviceTlb(o, d);
      default -> {}
    }
  }

  private static void contexts(Obligation o, Descriptor d) {
    if (o.kind != Obligation.Kind.CONTEXT) {
      return;
    }
    int ignored = d.functions();
    boolean covers =
        switch (d.granularity()) {
          case 1 -> true;
          case 2 -> d.domain() == o.domain;
          default -> (d.source() | ignored) == (o.source | ignored);
        };
    o.binding |= covers;
    if (covers && o.wasAbsent) {
      o.fetched = true;
    }
  }

  private static void pasids(Obligation o, Descriptor d) {
    if (o.kind != Obligation.Kind.PASID) {
      return;
    }
    o.binding |=
        switch (d.granularity()) {
          case 3 -> true;
          case 0 -> d.domain() == o.domain;
          default -> d.domain() == o.domain && d.pasid() == o.pasid;
        };
    if (o.binding && o.wasAbsent) {
      o.fetched = true;
    }
  }

  private static void translations(Obligation o, Descriptor d) {
    boolean all = d.granularity() == 1;
    boolean whole = all || d.granularity() == 2 && d.domain() == o.domain;
    if (o.isBinding()) {
      if (whole) {
        o.fetched |= o.binding;
        o.iotlbEarly |= !o.binding;
      }
      return;
    }
    boolean same = all || d.domain() == o.domain;
    boolean covers = whole || same && o.within(d.from(), d.to());
    boolean meets = same && o.meets(d.from(), d.to());
    if (meets && o.kind == Obligation.Kind.TABLE && d.granularity() == 3 && d.hint()) {
      o.hinted = true;
      o.partial = d;
    } else if (covers) {
      o.fetched = true;
      o.by = d;
      o.drained = d.drainsWrites() && d.drainsReads();
    } else if (d.granularity() == 3 && o.meets(d.from(), d.to())) {
      o.partial = d;
    }
  }

  private static void pasidTranslations(Obligation o, Descriptor d) {
    boolean same = d.domain() == o.domain && d.pasid() == o.pasid;
    if (!same) {
      return;
    }
    if (o.kind == Obligation.Kind.PASID) {
      o.wrongKind |= o.binding && o.secondStage;
      o.fetched |= o.binding && !o.secondStage;
      o.iotlbEarly |= !o.binding;
    } else if (o.place.first()) {
      boolean covers = d.granularity() == 2 || o.within(d.from(), d.to());
      boolean hinted = covers && o.kind == Obligation.Kind.TABLE && d.hint();
      o.hinted |= hinted;
      o.fetched |= covers && !hinted;
      o.drained |= o.fetched;
    }
  }

  private static void deviceTlb(Obligation o, Descriptor d) {
    if (!o.devices.contains(d.source()) || !(o.isBinding() || d.covers(o.from))) {
      return;
    }
    if (o.fetched) {
      o.devices.remove(d.source());
    } else {
      o.devicesEarly.add(d.source());
    }
  }

  /** A register command has done what a descriptor would have done. */
  void invalidatedByRegister(Step step, Descriptor d) {
    invalidated(step, d);
    for (Obligation o : open) {
      o.done |= o.fetched;
    }
    settle();
  }

  // ---- waits -----------------------------------------------------------------------------------

  private void waited(Step step, Descriptor wait) {
    for (Obligation o : open) {
      if (o.step < step.number() || !o.byKernel) {
        judgeAtWait(step, o);
      }
    }
    if (step.byKernel()) {
      // A kernel function polls until its wait is through, and then uses the word again.
      open.forEach(o -> o.done |= o.fetched);
      settle();
    } else if (wait.reports()) {
      waits.add(wait);
    }
  }

  private void judgeAtWait(Step step, Obligation o) {
    Descriptor partial = o.partial;
    if (o.byKernel) {
      return;
    }
    if (o.hinted && !o.fetched) {
      raiseHint(step, o);
    } else if (!o.fetched && partial != null && !o.isBinding()) {
      raisePartial(step, o, partial);
    } else if (!o.fetched && o.wrongKind) {
      step.raise(
          "H18",
          o.key(),
          evidence(o),
          Remedy.domain(step, number, o.domain),
          o.pasid,
          step.name(source(o)),
          o.domain);
    } else if (o.binding && o.iotlbEarly && !o.fetched) {
      step.raise(
          "H04",
          o.key(),
          evidence(o),
          Remedy.domain(step, number, o.domain),
          o.kind == Obligation.Kind.PASID ? "PASID" : "context",
          step.name(source(o)));
    }
    for (int device : o.devicesEarly) {
      if (o.fetched && o.devices.contains(device)) {
        step.raise(
            "H14",
            o.key(),
            evidence(o),
            Remedy.queue(step.rig(), number, 3L | (long) device << 32, o.from & -4096L),
            step.name(new SourceId(device)));
      }
    }
  }

  private void raiseHint(Step step, Obligation o) {
    step.raise(
        "H07",
        o.key(),
        evidence(o),
        Remedy.pages(step, number, o.domain, o.from, o.to),
        Digits.bare(o.entry),
        o.step);
  }

  private void raisePartial(Step step, Obligation o, Descriptor partial) {
    step.raise(
        "H06",
        o.key(),
        evidence(o),
        Remedy.pages(step, number, o.domain, o.from, o.to),
        Digits.bare(o.from),
        Digits.bare(o.to),
        o.domain,
        Digits.bare(partial.from()),
        Digits.bare(partial.to()),
        partial.domain());
  }

  /** Looks which waits have reported by now. */
  void complete(Step step) {
    for (Iterator<Descriptor> all = waits.iterator(); all.hasNext(); ) {
      Descriptor wait = all.next();
      boolean written =
          !wait.writesStatus()
              || step.rig().machine().memory().readDword(wait.statusAddress()) == wait.status();
      if (written) {
        all.remove();
        open.forEach(o -> o.done |= o.fetched);
      }
    }
    if (waits.size() > LIMIT) {
      waits.clear();
    }
    settle();
  }

  private void settle() {
    for (Iterator<Obligation> all = open.iterator(); all.hasNext(); ) {
      Obligation o = all.next();
      if (o.settled()) {
        all.remove();
        settled.add(o);
      }
    }
    while (settled.size() > SETTLED) {
      settled.removeFirst();
    }
  }

  private void reviewRounding(Step step, Descriptor d) {
    long pages = d.bytes() >>> 12;
    long changed =
        open.stream()
            .filter(o -> o.kind == Obligation.Kind.LEAF && o.by == d)
            .mapToLong(o -> (o.to - o.from + 1) >>> 12)
            .sum();
    if (changed > 0 && pages >= 16 && changed * 8 <= pages) {
      step.raise(
          "T18",
          d.address(),
          List.of(Evidence.descriptor(d.address())),
          List.of(),
          changed,
          pages,
          Digits.bare(open.stream().filter(o -> o.by == d).findFirst().orElseThrow().from));
    }
  }

  // ---- harm ------------------------------------------------------------------------------------

  /** A device's request arrived: was it served by something that no longer holds? */
  void served(Step step, Seen.Request request, int domain) {
    int source = request.access().source().value();
    long iova = request.address();
    for (Obligation o : List.copyOf(open)) {
      if (o.wasAbsent || o.inBuffer || o.fetched) {
        continue;
      }
      if (o.isBinding()) {
        if (o.source == source && (o.pasid < 0 || o.pasid == request.access().pasid())) {
          servedByBinding(step, o, iova);
        }
      } else if (o.contains(iova)
          && (o.domain == domain || domain < 0)
          && o.ledTo(request.chunk().physicalAddress())
          && isStale(o, iova)) {
        stale(step, o, step.name(request.access().source()));
      }
    }
  }

  private boolean isStale(Obligation o, long iova) {
    for (CacheLine line : unit.iotlb()) {
      boolean holds = iova >= line.page() && iova - line.page() < line.size();
      if (holds && line.domain() == o.domain && unit.grantsTooMuch(line)) {
        return true;
      }
    }
    return false;
  }

  private void servedByBinding(Step step, Obligation o, long iova) {
    boolean gone = (o.after & 1) == 0;
    boolean cached =
        unit.contextCache().stream()
                .anyMatch(line -> line.source() == o.source && unit.isStale(line))
            || unit.pasidCache().stream()
                .anyMatch(line -> line.source() == o.source && unit.isStale(line));
    if (gone || cached || isStale(o, iova)) {
      binding(step, o);
    }
  }

  /** Says what is missing for an entry that binds a requester. */
  private void binding(Step step, Obligation o) {
    String who = step.name(source(o));
    if (o.kind == Obligation.Kind.PASID) {
      step.raise(
          "H17",
          o.key(),
          evidence(o),
          Remedy.queue(
              step.rig(),
              number,
              0x17L | (long) o.domain << 16 | (long) o.pasid << 32,
              0,
              0x26L | (long) o.domain << 16 | (long) o.pasid << 32,
              0),
          o.pasid,
          who,
          o.step);
    } else if (o.binding == o.iotlbEarly) {
      step.raise(
          "H02",
          o.key(),
          evidence(o),
          Remedy.context(step, number, o.domain, o.source),
          who,
          o.step,
          o.domain);
    } else {
      step.raise(
          "H03",
          o.key(),
          evidence(o),
          Remedy.context(step, number, o.domain, o.source),
          who,
          o.step,
          o.binding ? "context cache" : "IOTLB",
          o.binding ? "IOTLB" : "context cache",
          o.domain);
    }
  }

  /** A stale translation was used, or is left for good. */
  private void stale(Step step, Obligation o, String what) {
    Descriptor partial = o.partial != null ? o.partial : neighbour(o);
    if (o.hinted) {
      raiseHint(step, o);
    } else if (partial != null) {
      raisePartial(step, o, partial);
    } else {
      var evidence = new ArrayList<>(evidence(o));
      evidence.add(Evidence.line(o.from));
      step.raise(
          "H01",
          o.key(),
          evidence,
          Remedy.pages(step, number, o.domain, o.from, o.to),
          o.kind == Obligation.Kind.LEAF ? "A leaf entry" : "A table pointer",
          o.step,
          Digits.bare(o.from),
          o.domain,
          what);
    }
  }

  /** A command that covered another change of the same step, but not this one. */
  private @Nullable Descriptor neighbour(Obligation o) {
    for (List<Obligation> list : List.of(open, settled)) {
      for (Obligation other : list) {
        Descriptor by = other.by;
        if (other.step == o.step && by != null && by.granularity() == 3) {
          return by;
        }
      }
    }
    return null;
  }

  /** A request was refused: because of something absent that is remembered, or not yet visible? */
  void refused(Step step, Seen.Request request, int domain) {
    int source = request.access().source().value();
    for (Obligation o : List.copyOf(open)) {
      boolean concerns =
          o.isBinding()
              ? o.source == source
              : o.contains(request.address()) && (o.domain == domain || domain < 0);
      if (concerns && o.wasAbsent && request.chunk().cached()) {
        step.raise(
            "H10",
            o.key(),
            evidence(o),
            Remedy.pages(step, number, o.domain, o.from, o.to),
            o.isBinding() ? "the entry of " + step.name(source(o)) : Digits.of(o.from),
            o.step);
      } else if (concerns && o.inBuffer) {
        long status = unit.read(RegisterLayouts.GSTS.position(), 4);
        step.raise(
            "H11",
            o.key(),
            evidence(o),
            List.of(Remedy.register(0x18, 4, status & 0x96FF_FFFFL | 0x0800_0000L, number)),
            Digits.bare(o.entry),
            o.step);
      }
    }
  }

  /** The write buffer was flushed. */
  void drainedBuffer() {
    open.removeIf(o -> o.inBuffer);
  }

  /** A script stored into page frames: were they free to be used again? */
  void reused(Step step) {
    for (Obligation o : List.copyOf(open)) {
      boolean own = o.step == step.number() || o.byKernel || o.wasAbsent || o.inBuffer;
      if (own || o.frame == 0 || !isStored(step, o.frame)) {
        continue;
      }
      if (o.kind == Obligation.Kind.TABLE) {
        step.raise(
            "H22",
            o.key(),
            evidence(o),
            Remedy.pages(step, number, o.domain, o.from, o.to),
            Digits.bare(o.frame << 12),
            o.step);
      } else if (o.kind == Obligation.Kind.LEAF && o.fetched && !o.done) {
        step.raise(
            "H21",
            o.key(),
            evidence(o),
            Remedy.queue(step.rig(), number),
            Digits.bare(o.from),
            Digits.bare(o.frame << 12));
      } else if (o.kind == Obligation.Kind.LEAF && !o.fetched) {
        stale(step, o, "frame " + Digits.of(o.frame << 12) + " is in use again");
      }
    }
    for (Obligation o : settled) {
      Descriptor by = o.by;
      if (by != null && !o.drained && !o.byKernel && isStored(step, o.frame)) {
        step.raise(
            "H23",
            o.key(),
            evidence(o),
            List.of(),
            Digits.bare(o.from),
            by.drainsWrites() ? "reads" : "writes",
            Digits.bare(o.frame << 12));
      }
    }
  }

  private static boolean isStored(Step step, long frame) {
    return step.changes().any(frame << 12, PhysicalMemory.FRAME_BYTES);
  }

  /** Device-TLB lines of this requester that the tables no longer grant. */
  void translatedAhead(Step step, Seen.Request request) {
    int source = request.access().source().value();
    for (Obligation o : List.copyOf(open)) {
      if (o.devices.contains(source) && (o.isBinding() || o.contains(request.address()))) {
        step.raise(
            "H13",
            o.key(),
            evidence(o),
            Remedy.queue(step.rig(), number, 3L | (long) source << 32, o.from & -4096L),
            step.name(request.access().source()),
            o.step,
            Digits.bare(o.from));
      }
    }
  }

  private static boolean said(Step step, Obligation o) {
    return Stream.of("H01", "H06", "H07", "H12", "H21", "H22")
        .anyMatch(rule -> step.notes().has(rule, o.key()));
  }

  /** What is left for good. */
  void atEnd(Step step) {
    for (Obligation o : List.copyOf(open)) {
      if (o.byKernel || o.inBuffer || o.fetched) {
        continue;
      }
      if (o.wasAbsent) {
        step.raise(
            "H10",
            o.key(),
            evidence(o),
            Remedy.pages(step, number, o.domain, o.from, o.to),
            o.isBinding() ? "the entry of " + step.name(source(o)) : Digits.of(o.from),
            o.step);
      } else if (o.isBinding()) {
        if (!step.notes().has("H04", o.key()) && !step.notes().has("H18", o.key())) {
          binding(step, o);
        }
      } else if (!said(step, o)) {
        stale(step, o, "it never will be");
      }
    }
  }

  private static SourceId source(Obligation o) {
    return new SourceId(o.source);
  }

  private static List<Evidence> evidence(Obligation o) {
    var evidence = new ArrayList<Evidence>();
    evidence.add(Evidence.command(o.step));
    evidence.add(Evidence.entry(o.entry));
    for (Descriptor d : new Descriptor[] {o.by, o.partial}) {
      if (d != null) {
        evidence.add(Evidence.descriptor(d.address()));
      }
    }
    return evidence;
  }

  /** Requesters with a device-TLB that use a domain. */
  Set<Integer> ahead(int domain) {
    var devices = new TreeSet<Integer>();
    for (Bindings b : shadow.bindings()) {
      if (b.ahead() && b.domain() == domain) {
        devices.add(b.source().value());
      }
    }
    return devices;
  }
}
