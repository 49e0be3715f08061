package org.iommulab.vtd;

import java.util.Arrays;
import org.iommulab.vtd.CacheGeometry.Policy;

/** Chooses which way of a full set makes room. */
final class Replacement {

  private final Policy policy;
  private final long seed;
  private int ways;
  private long[] stamps;
  private int[] trees;
  private long clock;
  private long random;

  Replacement(CacheGeometry geometry, long seed) {
    this.policy = geometry.policy();
    this.seed = seed == 0 ? 0x9E3779B97F4A7C15L : seed;
    this.random = this.seed;
    this.ways = geometry.ways();
    this.stamps = new long[0];
    this.trees = new int[0];
    resize(geometry.sets(), geometry.ways());
  }

  void resize(int newSets, int newWays) {
    ways = newWays;
    stamps = new long[newSets * newWays];
    trees = new int[policy == Policy.TREE_PSEUDO_LRU ? newSets : 0];
  }

  void clear() {
    Arrays.fill(stamps, 0);
    Arrays.fill(trees, 0);
    clock = 0;
    random = seed;
  }

  /** An entry was used. */
  void used(int index) {
    if (policy == Policy.TREE_PSEUDO_LRU) {
      pointAway(index / ways, index % ways);
    }
    if (policy != Policy.FIRST_IN_FIRST_OUT) {
      stamps[index] = ++clock;
    }
  }

  /** An entry was filled. */
  void filled(int index) {
    stamps[index] = ++clock;
    if (policy == Policy.TREE_PSEUDO_LRU) {
      pointAway(index / ways, index % ways);
    }
  }

  /** Uses since the entry was last used (first in, first out: since it was filled). */
  long age(int index) {
    return clock - stamps[index];
  }

  /** The way of a full set that goes. */
  int victim(int set) {
    return switch (policy) {
      case LEAST_RECENTLY_USED, FIRST_IN_FIRST_OUT -> oldest(set);
      case TREE_PSEUDO_LRU -> followTree(set);
      case RANDOM -> (int) Long.remainderUnsigned(nextRandom(), ways);
      case UNBOUNDED, EMPTY_WHEN_FULL -> -1;
    };
  }

  private int oldest(int set) {
    int oldest = 0;
    for (int way = 1; way < ways; way++) {
      if (stamps[set * ways + way] < stamps[set * ways + oldest]) {
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
    return random * 0x2545F4914F6CDD1DL >>> 33;
  }

  /** State for a checkpoint. */
  record Saved(long[] stamps, int[] trees, long clock, long random, int ways) {}

  Saved save() {
    return new Saved(stamps.clone(), trees.clone(), clock, random, ways);
  }

  void restore(Saved saved) {
    stamps = saved.stamps().clone();
    trees = saved.trees().clone();
    clock = saved.clock();
    random = saved.random();
    ways = saved.ways();
  }
}
