package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Requests that are served by what no longer holds: H01 to H03, H13, H17. */
final class StaleRules {

  private final int number;
  private final RemappingUnit unit;
  private final Ledger ledger;
  private final WaitRules waits;

  StaleRules(int number, RemappingUnit unit, Ledger ledger, WaitRules waits) {
    this.number = number;
    this.unit = unit;
    this.ledger = ledger;
    this.waits = waits;
  }

  /** A device's request arrived. */
  void served(Step step, Seen.Request request, int domain) {
    int source = request.access().source().value();
    long iova = request.address();
    for (Obligation o : ledger.open()) {
      if (o.wasAbsent || o.inBuffer || o.fetched) {
        continue;
      }
      if (o.isBinding()) {
        boolean under = o.pasid < 0 || o.pasid == request.access().pasid().value();
        if (o.source == source && under && isBoundByOld(o, iova)) {
          binding(step, o);
        }
      } else if (o.contains(iova)
          && (o.domain == domain || domain < 0)
          && o.ledTo(request.chunk().physicalAddress())
          && isStale(o, iova)) {
        translation(step, o, Wording.plain(step.name(request.access().source())));
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

  private boolean isBoundByOld(Obligation o, long iova) {
    boolean gone = (o.after & 1) == 0;
    boolean cached =
        unit.contextCache().stream()
                .anyMatch(line -> line.source() == o.source && unit.isStale(line))
            || unit.pasidCache().stream()
                .anyMatch(line -> line.source() == o.source && unit.isStale(line));
    return gone || cached || isStale(o, iova);
  }

  /** H02, H03, H17: what is missing for an entry that binds a requester. */
  private void binding(Step step, Obligation o) {
    String who = step.name(o.sourceId());
    if (o.kind == Obligation.Kind.PASID) {
      long tag = (long) o.domain << 16 | (long) o.pasid << 32;
      List<String> fix = Remedy.queue(step.rig(), number, 0x17L | tag, 0, 0x26L | tag, 0);
      step.raise("H17", o.key(), o.evidence(), fix, o.pasid, who, o.step);
      return;
    }
    List<String> fix = Remedy.context(step, number, o.domain, o.source);
    if (o.binding == o.iotlbEarly) {
      step.raise("H02", o.key(), o.evidence(), fix, who, o.step, o.domain);
    } else {
      Bilingual context = Wording.CONTEXT_CACHE.with();
      Bilingual iotlb = Wording.plain("IOTLB");
      step.raise(
          "H03",
          o.key(),
          o.evidence(),
          fix,
          who,
          o.step,
          o.binding ? context : iotlb,
          o.binding ? iotlb : context,
          o.domain);
    }
  }

  /** H01, or H06 and H07 if there was a command: a translation that is used, or left for good. */
  void translation(Step step, Obligation o, Bilingual what) {
    Descriptor partial = o.partial != null ? o.partial : neighbour(o);
    if (o.hinted) {
      waits.hinted(step, o);
    } else if (partial != null) {
      waits.partly(step, o, partial);
    } else {
      var evidence = new ArrayList<>(o.evidence());
      evidence.add(Evidence.line(o.from));
      step.raise(
          "H01",
          o.key(),
          evidence,
          Remedy.pages(step, number, o.domain, o.from, o.to),
          (o.kind == Obligation.Kind.LEAF ? Wording.LEAF_ENTRY : Wording.TABLE_POINTER).with(),
          o.step,
          Digits.bare(o.from),
          o.domain,
          what);
    }
  }

  /** A command that covered another change of the same step, but not this one. */
  private @Nullable Descriptor neighbour(Obligation o) {
    for (List<Obligation> list : List.of(ledger.open(), ledger.settled())) {
      for (Obligation other : list) {
        Descriptor by = other.by;
        if (other.step == o.step && by != null && by.granularity() == 3) {
          return by;
        }
      }
    }
    return null;
  }

  /** H13: the device holds a translation of its own that the tables no longer grant. */
  void translatedAhead(Step step, Seen.Request request) {
    int source = request.access().source().value();
    for (Obligation o : ledger.open()) {
      if (o.devices.contains(source) && (o.isBinding() || o.contains(request.address()))) {
        step.raise(
            "H13",
            o.key(),
            o.evidence(),
            Remedy.queue(step.rig(), number, 3L | (long) source << 32, o.from & -4096L),
            step.name(request.access().source()),
            o.step,
            Digits.bare(o.from));
      }
    }
  }

  /** What is left for good. */
  void atEnd(Step step) {
    for (Obligation o : ledger.open()) {
      if (o.byKernel || o.inBuffer || o.fetched || o.wasAbsent) {
        continue;
      }
      if (!o.isBinding()) {
        if (!said(step, o, "H01", "H06", "H07", "H12", "H21", "H22")) {
          translation(step, o, Wording.NEVER.with());
        }
      } else if (!said(step, o, "H04", "H18")) {
        binding(step, o);
      }
    }
  }

  private static boolean said(Step step, Obligation o, String... rules) {
    return Stream.of(rules).anyMatch(rule -> step.notes().has(rule, o.key()));
  }
}
