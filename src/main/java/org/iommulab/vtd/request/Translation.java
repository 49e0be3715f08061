package org.iommulab.vtd.request;

import java.util.Optional;
import org.iommulab.vtd.layout.FaultReason;

/** What the unit answers to a request. */
public sealed interface Translation extends RequestOutcome {

  /**
   * The request may go on.
   *
   * @param address physical address
   * @param size bytes of the page it lies in
   * @param rights {@link Rights} of the whole page
   * @param memory whether there is memory for the whole request
   */
  record Done(long address, long size, int rights, boolean memory) implements Translation {}

  /**
   * The request is refused.
   *
   * @param reason the failed check
   * @param recorded false if an FPD bit, a full record or a cached answer kept it from the records
   * @param cached true if a cached entry decided
   * @param suppressed true if an FPD bit keeps this refusal from being recorded
   */
  record Blocked(FaultReason reason, boolean recorded, boolean cached, boolean suppressed)
      implements Translation {

    /** Tells whether software has no way to learn the reason. */
    public boolean isHidden() {
      return cached || suppressed;
    }
  }

  /**
   * The address lies in the interrupt range: the request is an interrupt.
   *
   * @param interrupt what became of it; empty if it was not carried out
   */
  record Interrupt(Optional<InterruptOutcome> interrupt) implements Translation {}

  /** All DMA is aborted; nothing is recorded. */
  record Aborted() implements Translation {}
}
