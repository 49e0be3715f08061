package org.iommulab.linux.iova;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ranges that are not free, and the search for a gap among them. Two nodes are remembered where
 * the next search begins: one for limits up to 4 GiB, one for all others.
 */
final class Ranges {

  private final long startPfn;
  private final long limit32;
  private final boolean retries;
  private final IovaTree tree = new IovaTree();
  private final Set<Long> reserved = new TreeSet<>();
  private int cached32 = IovaTree.ANCHOR;
  private int cached = IovaTree.ANCHOR;
  private long max32AllocSize;

  /** The node above the gap that {@link #descend} found. */
  private int above;

  /**
   * @param startPfn lowest page to give
   * @param limit32 first page above 4 GiB
   * @param retries a search that finds nothing below the remembered range begins again above it
   */
  Ranges(long startPfn, long limit32, boolean retries) {
    this.retries = retries;
    this.startPfn = startPfn;
    this.limit32 = limit32;
    this.max32AllocSize = limit32;
  }

  int size() {
    return tree.size();
  }

  int reservedCount() {
    return reserved.size();
  }

  boolean contains(long pfn) {
    return tree.find(pfn) != IovaTree.NONE;
  }

  /**
   * Takes the highest gap below the limit that the search comes by.
   *
   * @param limitPfn first page it may not have
   * @return its first page, or 0 if there is none
   */
  long allocate(long pages, long limitPfn) {
    boolean below4G = limitPfn <= limit32;
    if (below4G && pages >= max32AllocSize) {
      return 0;
    }
    int start = below4G ? cached32 : cached;
    long retryPfn = tree.high(start);
    long pfn = descend(start, pages, limitPfn, startPfn);
    if (pfn == 0 && retries && retryPfn < limitPfn) {
      // Ranges above the remembered one may have been freed since: once more, from the limit.
      int top = below4G ? tree.atOrAbove(limitPfn) : IovaTree.ANCHOR;
      pfn = descend(top, pages, limitPfn, retryPfn + 1);
    }
    if (pfn == 0) {
      if (below4G) {
        max32AllocSize = pages;
      }
      return 0;
    }
    int node = tree.insertBelow(above, pfn, pfn + pages - 1);
    if (pfn < limit32) {
      cached32 = node;
    } else {
      cached = node;
    }
    return pfn;
  }

  private long descend(int from, long pages, long limitPfn, long lowPfn) {
    long mask = -IovaDomain.roundUp(pages);
    long top = limitPfn;
    int node = from;
    while (true) {
      top = Math.min(top, tree.low(node));
      long pfn = (top - pages) & mask;
      if (top < pages || pfn < lowPfn) {
        return 0;
      }
      int below = tree.previous(node);
      if (below == IovaTree.NONE || pfn > tree.high(below)) {
        above = node;
        return pfn;
      }
      node = below;
    }
  }

  /** Frees the range that holds this page; false if none does. */
  boolean remove(long pfn) {
    int node = tree.find(pfn);
    if (node == IovaTree.NONE) {
      return false;
    }
    long low = tree.low(node);
    if (node == cached32 || (tree.high(node) < limit32 && low >= tree.low(cached32))) {
      cached32 = tree.next(node);
    }
    if (low < limit32) {
      max32AllocSize = limit32;
    }
    if (low >= tree.low(cached)) {
      cached = tree.next(node);
    }
    reserved.remove(low);
    tree.remove(node);
    return true;
  }

  /** Takes all pages from {@code lowPfn} to {@code highPfn} that are not taken yet. */
  void reserve(long lowPfn, long highPfn) {
    long low = lowPfn;
    int node = tree.first();
    while (node != IovaTree.ANCHOR && low <= highPfn && tree.low(node) <= highPfn) {
      if (tree.high(node) >= low) {
        if (low < tree.low(node)) {
          extendDown(node, low);
        }
        low = tree.high(node) + 1;
      }
      node = tree.next(node);
    }
    if (low <= highPfn) {
      tree.insert(low, highPfn);
      reserved.add(low);
    }
  }

  private void extendDown(int node, long low) {
    if (reserved.remove(tree.low(node))) {
      reserved.add(low);
    }
    tree.extendDown(node, low);
  }

  /** Where a search below 4 GiB begins; -1 for the top. */
  long cached32() {
    return place(cached32);
  }

  /** Where any other search begins; -1 for the top. */
  long cached() {
    return place(cached);
  }

  private long place(int node) {
    return node == IovaTree.ANCHOR ? -1 : tree.low(node);
  }

  /** Searches below 4 GiB for that many pages are known to fail. */
  long max32AllocSize() {
    return max32AllocSize;
  }

  /** All ranges, ascending; those in {@code free} are only cached. */
  List<IovaView.Node> nodes(Set<Long> free) {
    var nodes = new ArrayList<IovaView.Node>(tree.size());
    collect(tree.root(), 0, free, nodes);
    return nodes;
  }

  private void collect(int node, int depth, Set<Long> free, List<IovaView.Node> into) {
    if (node == IovaTree.NONE) {
      return;
    }
    collect(tree.left(node), depth + 1, free, into);
    if (node != IovaTree.ANCHOR) {
      long low = tree.low(node);
      into.add(new IovaView.Node(low, tree.high(node), state(low, free), tree.isRed(node), depth));
    }
    collect(tree.right(node), depth + 1, free, into);
  }

  private IovaView.State state(long low, Set<Long> free) {
    if (reserved.contains(low)) {
      return IovaView.State.RESERVED;
    }
    return free.contains(low) ? IovaView.State.CACHED : IovaView.State.ALLOCATED;
  }
}
