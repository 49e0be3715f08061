package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.memory.PhysicalMemory;

/** Page frames that are used again too early: H21 to H23, and H01 if nothing was invalidated. */
final class ReuseRules {

  private final int number;
  private final Ledger ledger;
  private final StaleRules stale;

  ReuseRules(int number, Ledger ledger, StaleRules stale) {
    this.number = number;
    this.ledger = ledger;
    this.stale = stale;
  }

  /** A script stored into page frames. */
  void stored(Step step) {
    for (Obligation o : ledger.open()) {
      boolean own = o.step == step.number() || o.byKernel || o.wasAbsent || o.inBuffer;
      if (own || o.frame == 0 || !isStored(step, o.frame)) {
        continue;
      }
      if (o.kind == Obligation.Kind.TABLE) {
        table(step, o);
      } else if (o.kind == Obligation.Kind.LEAF && !o.fetched) {
        stale.translation(step, o, Wording.FRAME_IN_USE.with(Digits.of(o.frame << 12)));
      } else if (o.kind == Obligation.Kind.LEAF && !o.done) {
        fetchedOnly(step, o);
      }
    }
    for (Obligation o : ledger.settled()) {
      Descriptor by = o.by;
      if (by != null && !o.drained && !o.byKernel && isStored(step, o.frame)) {
        undrained(step, o, by);
      }
    }
  }

  private static boolean isStored(Step step, long frame) {
    return step.changes().any(frame << 12, PhysicalMemory.FRAME_BYTES);
  }

  /** H22: the frame was a table that the unit may still walk. */
  private void table(Step step, Obligation o) {
    step.raise(
        "H22",
        o.key(),
        o.evidence(),
        Remedy.pages(step, number, o.domain, o.from, o.to),
        Digits.bare(o.frame << 12),
        o.step);
  }

  /** H21: the command was fetched, which does not mean that it is done. */
  private void fetchedOnly(Step step, Obligation o) {
    step.raise(
        "H21",
        o.key(),
        o.evidence(),
        Remedy.queue(step.rig(), number),
        Digits.bare(o.from),
        Digits.bare(o.frame << 12));
  }

  /** H23: older requests were not waited for. */
  private static void undrained(Step step, Obligation o, Descriptor by) {
    step.raise(
        "H23",
        o.key(),
        o.evidence(),
        List.of(),
        Digits.bare(o.from),
        (by.drainsWrites() ? Wording.READS : Wording.WRITES).with(),
        Digits.bare(o.frame << 12));
  }
}
