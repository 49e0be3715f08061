package org.iommulab.bus.ats;

/** What a remapping unit can say to an endpoint that caches translations or asks for pages. */
public interface AtsEndpoint {

  /** How an endpoint takes an invalidation. */
  enum Answer {
    /** It has dropped the translations and says so at once. */
    COMPLETED,
    /** It will say so later, by {@link TranslationAgent#invalidationCompleted}. */
    LATER,
    /** It does not answer; the unit finds out by its time-out. */
    NEVER
  }

  /** Drop translations. */
  Answer invalidate(InvalidationRequest request);

  /** A group of page requests is answered. */
  void pageGroupResponse(PageGroupResponse response);
}
