package org.iommulab.vtd.cache;

import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Request;
import org.jspecify.annotations.Nullable;

/** A scalable-mode context entry as read, with the requester it belongs to. */
public final class ScalableContext {

  public int source;
  public boolean faultsSuppressed;

  /** In caching mode: why there is no such entry; else null. */
  public @Nullable FaultReason failure;

  public long[] raw = new long[4];

  /** A cached refusal. */
  public static ScalableContext refusal(Request request, FaultReason reason) {
    ScalableContext refusal = new ScalableContext();
    refusal.source = request.source;
    refusal.faultsSuppressed = request.faultsSuppressed;
    refusal.failure = reason;
    return refusal;
  }

  public ScalableContext copy() {
    ScalableContext copy = new ScalableContext();
    copy.source = source;
    copy.faultsSuppressed = faultsSuppressed;
    copy.failure = failure;
    copy.raw = raw.clone();
    return copy;
  }
}
