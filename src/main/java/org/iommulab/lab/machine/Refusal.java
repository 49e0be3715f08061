package org.iommulab.lab.machine;

import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * A request of a device that did not get through.
 *
 * @param write it was a write
 * @param address as the device issued it
 * @param status how it ended
 * @param reason the failed check, null if it is not known
 */
public record Refusal(
    boolean write, long address, DmaOutcome.Status status, @Nullable FaultReason reason) {}
