package org.iommulab.vtd.config;

/**
 * Shape of a cache.
 *
 * @param sets number of sets, a power of two; 0 for no cache
 * @param ways entries in a set
 * @param policy which entry goes when a set is full
 */
public record CacheGeometry(int sets, int ways, Policy policy) {

  /** Which entry makes room. */
  public enum Policy {
    /** The one not used for the longest time. */
    LEAST_RECENTLY_USED,
    /** Approximates the least recently used by one bit per tree node. */
    TREE_PSEUDO_LRU,
    /** The one that came first. */
    FIRST_IN_FIRST_OUT,
    /** One drawn by the unit's seed. */
    RANDOM,
    /** Nothing is replaced: the cache grows. */
    UNBOUNDED,
    /** Nothing is replaced: a full cache is emptied. */
    EMPTY_WHEN_FULL
  }

  public CacheGeometry {
    if (sets < 0 || Integer.bitCount(sets) > 1 || ways < 0 || (sets == 0) != (ways == 0)) {
      throw new IllegalArgumentException(
          sets + " sets of " + ways + ": the number of sets must be a power of two");
    }
    if (policy == Policy.TREE_PSEUDO_LRU && (Integer.bitCount(ways) != 1 || ways > 32)) {
      throw new IllegalArgumentException(
          "tree pseudo-LRU needs 2, 4, 8, 16 or 32 ways, not " + ways);
    }
  }

  /** No cache: every lookup misses. */
  public static CacheGeometry none() {
    return new CacheGeometry(0, 0, Policy.LEAST_RECENTLY_USED);
  }

  /** Grows as needed. */
  public static CacheGeometry unbounded() {
    return new CacheGeometry(1, 1, Policy.UNBOUNDED);
  }

  /** Holds {@code entries} in one set and is emptied when it is full. */
  public static CacheGeometry emptiedWhenFull(int entries) {
    return new CacheGeometry(1, entries, Policy.EMPTY_WHEN_FULL);
  }

  /** Sets and ways with least-recently-used replacement. */
  public static CacheGeometry of(int sets, int ways) {
    return new CacheGeometry(sets, ways, Policy.LEAST_RECENTLY_USED);
  }

  /** Tells whether nothing is ever cached. */
  public boolean isNone() {
    return sets == 0;
  }

  /** Tells whether the number of entries has no bound. */
  public boolean isUnbounded() {
    return policy == Policy.UNBOUNDED;
  }
}
