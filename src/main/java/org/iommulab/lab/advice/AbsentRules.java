package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Entries that came, and that the unit does not see yet: H10, H11. */
final class AbsentRules {

  private final int number;
  private final RemappingUnit unit;
  private final Ledger ledger;

  AbsentRules(int number, RemappingUnit unit, Ledger ledger) {
    this.number = number;
    this.unit = unit;
    this.ledger = ledger;
  }

  /** A device's request was refused. */
  void refused(Step step, Seen.Request request, int domain) {
    int source = request.access().source().value();
    for (Obligation o : ledger.open()) {
      boolean concerns =
          o.isBinding()
              ? o.source == source
              : o.contains(request.address()) && (o.domain == domain || domain < 0);
      if (concerns && o.wasAbsent && request.chunk().cached()) {
        remembered(step, o);
      } else if (concerns && o.inBuffer) {
        buffered(step, o);
      }
    }
  }

  /** H10: caching mode remembers that there was nothing. */
  private void remembered(Step step, Obligation o) {
    step.raise(
        "H10",
        o.key(),
        o.evidence(),
        Remedy.pages(step, number, o.domain, o.from, o.to),
        o.isBinding() ? Wording.ENTRY_OF.with(step.name(o.sourceId())) : Digits.of(o.from),
        o.step);
  }

  /** H11: the store may still be in the chipset's buffer. */
  private void buffered(Step step, Obligation o) {
    long status = unit.read(RegisterLayouts.GSTS.position(), 4);
    step.raise(
        "H11",
        o.key(),
        o.evidence(),
        List.of(Remedy.register(0x18, 4, status & 0x96FF_FFFFL | 0x0800_0000L, number)),
        Digits.bare(o.entry),
        o.step);
  }

  void atEnd(Step step) {
    for (Obligation o : ledger.open()) {
      if (o.wasAbsent && !o.byKernel && !o.inBuffer && !o.fetched) {
        remembered(step, o);
      }
    }
  }
}
