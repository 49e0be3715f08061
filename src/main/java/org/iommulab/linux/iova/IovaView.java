package org.iommulab.linux.iova;

import java.util.List;

/**
 * An IOVA domain at one moment. All numbers are page frame numbers of the granule.
 *
 * @param granule bytes in a page
 * @param startPfn lowest number ever given
 * @param limit32Pfn first number above 4 GiB
 * @param cached32Node where the next search below 4 GiB begins, -1 for the top
 * @param cachedNode where the next other search begins, -1 for the top
 * @param max32AllocSize searches below 4 GiB for that many pages or more are known to fail
 * @param nodes the tree's ranges, ascending
 * @param caches one per size, ascending
 */
public record IovaView(
    long granule,
    long startPfn,
    long limit32Pfn,
    long cached32Node,
    long cachedNode,
    long max32AllocSize,
    List<Node> nodes,
    List<Cache> caches) {

  /** Why a range is not free. */
  public enum State {
    /** Somebody uses it. */
    ALLOCATED,
    /** Free for the next caller of this size, but not for the tree. */
    CACHED,
    /** No device may use it. */
    RESERVED
  }

  /**
   * A range in the tree.
   *
   * @param low first page frame number
   * @param high last page frame number
   * @param state who has it
   * @param red the node's colour
   * @param depth 0 at the root
   */
  public record Node(long low, long high, State state, boolean red, int depth) {
    /** Pages in it. */
    public long pages() {
      return high - low + 1;
    }
  }

  /** Both magazines of a CPU, bottom first. */
  public record CpuCache(int cpu, List<Long> loaded, List<Long> previous) {
    public CpuCache {
      loaded = List.copyOf(loaded);
      previous = List.copyOf(previous);
    }
  }

  /**
   * The cache for ranges of 2^order pages.
   *
   * @param magazineSize most ranges in a magazine
   * @param cpus magazines by CPU
   * @param depot full magazines, the next one to be taken first
   */
  public record Cache(int order, int magazineSize, List<CpuCache> cpus, List<List<Long>> depot) {
    public Cache {
      cpus = List.copyOf(cpus);
      depot = List.copyOf(depot);
    }
  }

  public IovaView {
    nodes = List.copyOf(nodes);
    caches = List.copyOf(caches);
  }
}
