package org.iommulab.vtd.request;

import org.iommulab.vtd.layout.FaultReason;

/** What became of an interrupt request. */
public sealed interface InterruptOutcome {

  /** The index of {@link Delivered} when no table entry was used. */
  int NO_INDEX = -1;

  /**
   * A message went to the processors.
   *
   * @param address its address, destination bits 31:8 in 63:40
   * @param data its data
   * @param index the table entry used, {@link #NO_INDEX} if it passed unchanged
   */
  record Delivered(long address, int data, int index) implements InterruptOutcome {}

  /**
   * The vector was noted in a posted-interrupt descriptor.
   *
   * @param descriptor its physical address
   * @param vector the vector noted
   * @param notified whether a notification was sent
   * @param index the table entry used
   */
  record Posted(long descriptor, int vector, boolean notified, int index)
      implements InterruptOutcome {}

  /**
   * The request was dropped.
   *
   * @param reason the failed check
   * @param index the table index asked for, {@link #NO_INDEX} if it had none
   * @param recorded whether a fault record was written
   */
  record Blocked(FaultReason reason, int index, boolean recorded) implements InterruptOutcome {}
}
