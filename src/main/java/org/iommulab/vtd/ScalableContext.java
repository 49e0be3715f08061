package org.iommulab.vtd;

import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/** A scalable-mode context entry as read, with the requester it belongs to. */
final class ScalableContext {

  int source;
  boolean faultsSuppressed;

  /** In caching mode: why there is no such entry; else null. */
  @Nullable FaultReason failure;

  long[] raw = new long[4];

  /** A cached refusal. */
  static ScalableContext refusal(Request request, FaultReason reason) {
    ScalableContext refusal = new ScalableContext();
    refusal.source = request.source;
    refusal.faultsSuppressed = request.faultsSuppressed;
    refusal.failure = reason;
    return refusal;
  }

  ScalableContext copy() {
    ScalableContext copy = new ScalableContext();
    copy.source = source;
    copy.faultsSuppressed = faultsSuppressed;
    copy.raw = raw.clone();
    return copy;
  }
}
