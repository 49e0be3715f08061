package org.iommulab.ui.view.cache;

import org.iommulab.ui.view.part.Mark;
import org.iommulab.vtd.cache.CacheLine;
import org.jspecify.annotations.Nullable;

/**
 * One place of a cache.
 *
 * @param set its set
 * @param way its place in the set
 * @param line what is cached there, or null if it is empty
 * @param state how it stands to the last request and to the tables
 * @param mark why it is remarkable, or null
 */
record CacheCell(int set, int way, @Nullable CacheLine line, State state, @Nullable Mark mark) {

  /** How a place stands to the last request and to the tables. */
  enum State {
    /** Nothing is cached there. */
    EMPTY("empty"),
    /** Cached, and as the tables say. */
    VALID("valid"),
    /** Cached as not present: caching mode wants an invalidation also when something is mapped. */
    NEGATIVE("negative"),
    /** The last request was answered from it. */
    HIT("hit"),
    /** The last request filled it. */
    FILLED("filled"),
    /** The tables now say something else. */
    STALE("stale");

    private final String styleClass;

    State(String styleClass) {
      this.styleClass = styleClass;
    }

    String styleClass() {
      return styleClass;
    }
  }

  /** Stable name: {@code 4-0}. */
  String key() {
    return set + "-" + way;
  }
}
