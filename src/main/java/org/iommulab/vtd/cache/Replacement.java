package org.iommulab.vtd.cache;

import java.util.Arrays;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.CacheGeometry.Policy;

/**
 * Chooses which way of a full set makes room. The cache keeps the stamps, one per slot, and their
 * clock, where its own hot path wants them; the trees and the random stream are here.
 */
final class Replacement {

  private final Policy policy;
  private final boolean stampsUse;
  private final boolean hasTrees;
  private final long seed;
  private int ways;
  private int[] trees = new int[0];
  private long random;

  Replacement(CacheGeometry geometry, long seed) {
    policy = geometry.policy();
    stampsUse = policy != Policy.FIRST_IN_FIRST_OUT;
    hasTrees = policy == Policy.TREE_PSEUDO_LRU;
    this.seed = seed == 0 ? 0x9E37_79B9_7F4A_7C15L : seed;
    random = this.seed;
    resize(geometry.sets(), geometry.ways());
  }

  void resize(int newSets, int newWays) {
    ways = newWays;
    trees = new int[hasTrees ? newSets : 0];
  }

  void clear() {
    Arrays.fill(trees, 0);
    random = seed;
  }

  /** Tells whether a use changes an entry's stamp. */
  boolean stampsUse() {
    return stampsUse;
  }

  /** Tells whether {@link #touched} must be told of uses. */
  boolean hasTrees() {
    return hasTrees;
  }

  /** A slot was used or filled: the tree points away from it. */
  void touched(int set, int way) {
    if (hasTrees) {
      pointAway(set, way);
    }
  }

  /**
   * The way of a full set that goes.
   *
   * @param stamps where the stamps are
   * @param first place of the set's first stamp
   * @param stride distance to the next way's
   */
  int victim(int set, long[] stamps, int first, int stride) {
    return switch (policy) {
      case LEAST_RECENTLY_USED, FIRST_IN_FIRST_OUT -> oldest(stamps, first, stride);
      case TREE_PSEUDO_LRU -> followTree(set);
      case RANDOM -> (int) Long.remainderUnsigned(nextRandom(), ways);
      case UNBOUNDED, EMPTY_WHEN_FULL -> 0;
    };
  }

  private int oldest(long[] stamps, int first, int stride) {
    int oldest = 0;
    for (int way = 1; way < ways; way++) {
      if (stamps[first + way * stride] < stamps[first + oldest * stride]) {
        oldest = way;
      }
    }
    return oldest;
  }

  // Node n of the tree has children 2n and 2n + 1; bit n of the word points to the older half.
  private int followTree(int set) {
    int node = 1;
    while (node < ways) {
      node = 2 * node + (trees[set] >>> node & 1);
    }
    return node - ways;
  }

  private void pointAway(int set, int way) {
    int tree = trees[set];
    for (int node = way + ways; node > 1; node >>= 1) {
      int parent = node >> 1;
      tree = (node & 1) == 0 ? tree | 1 << parent : tree & ~(1 << parent);
    }
    trees[set] = tree;
  }

  private long nextRandom() {
    random ^= random >>> 12;
    random ^= random << 25;
    random ^= random >>> 27;
    return random * 0x2545_F491_4F6C_DD1DL >>> 33;
  }
}
