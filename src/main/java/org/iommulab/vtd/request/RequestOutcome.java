package org.iommulab.vtd.request;

import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * How a request of a device ended: with an answer of the unit, or in the device's own translation
 * cache.
 */
public sealed interface RequestOutcome
    permits Translation, RequestOutcome.Denied, RequestOutcome.Refused {

  /** The device's translation grants too little, so nothing was sent. */
  record Denied() implements RequestOutcome {}

  /**
   * The unit gives the device no translation, so nothing was sent.
   *
   * @param reason the failed check; null if none failed
   */
  record Refused(@Nullable FaultReason reason) implements RequestOutcome {}
}
