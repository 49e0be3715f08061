package org.iommulab.vtd;

/** A scalable-mode context entry as read, with the requester it belongs to. */
final class ScalableContext {

  int source;
  boolean faultsSuppressed;
  long[] raw = new long[4];

  ScalableContext copy() {
    ScalableContext copy = new ScalableContext();
    copy.source = source;
    copy.faultsSuppressed = faultsSuppressed;
    copy.raw = raw.clone();
    return copy;
  }
}
