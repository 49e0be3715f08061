package org.iommulab.vtd.request;

import org.iommulab.vtd.layout.FaultReason;

/** What the unit answers to a request. */
public sealed interface Translation {

  /**
   * The request may go on.
   *
   * @param address physical address
   * @param size bytes of the page it lies in
   * @param rights {@link Rights} of the whole page
   */
  record Done(long address, long size, int rights) implements Translation {}

  /**
   * The request is refused.
   *
   * @param reason the failed check
   * @param recorded false if an FPD bit, a full record or a cached answer kept it from the records
   * @param cached true if a cached entry decided
   */
  record Blocked(FaultReason reason, boolean recorded, boolean cached) implements Translation {}

  /**
   * The address lies in the interrupt range: the request is an interrupt.
   *
   * @param address as issued
   */
  record Interrupt(long address) implements Translation {}

  /** All DMA is aborted; nothing is recorded. */
  record Aborted() implements Translation {}
}
