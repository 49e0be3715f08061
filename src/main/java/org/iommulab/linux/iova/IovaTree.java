package org.iommulab.linux.iova;

import java.util.Arrays;

/**
 * The ranges that are not free, in a red-black tree whose nodes are numbers into arrays. Node 0
 * stands for "none"; node {@link #ANCHOR} lies above every address, so that each range has a
 * successor.
 */
final class IovaTree {

  static final int NONE = 0;
  static final int ANCHOR = 1;

  private static final long ABOVE_ALL = Long.MAX_VALUE;

  private long[] low = new long[64];
  private long[] high = new long[64];
  private int[] left = new int[64];
  private int[] right = new int[64];
  private int[] parent = new int[64];
  private boolean[] red = new boolean[64];
  private int root = ANCHOR;
  private int unused = 2;
  private int recycled;
  private int size;

  IovaTree() {
    low[ANCHOR] = ABOVE_ALL;
    high[ANCHOR] = ABOVE_ALL;
  }

  /** Ranges in it, the anchor not counted. */
  int size() {
    return size;
  }

  int root() {
    return root;
  }

  long low(int node) {
    return low[node];
  }

  long high(int node) {
    return high[node];
  }

  int left(int node) {
    return left[node];
  }

  int right(int node) {
    return right[node];
  }

  boolean isRed(int node) {
    return red[node];
  }

  /** Lets a range begin earlier; it must not reach its predecessor. */
  void extendDown(int node, long newLow) {
    low[node] = newLow;
  }

  /** The node whose range holds {@code pfn}, or none. */
  int find(long pfn) {
    int node = root;
    while (node != NONE) {
      if (pfn < low[node]) {
        node = left[node];
      } else if (pfn > high[node]) {
        node = right[node];
      } else {
        return node;
      }
    }
    return NONE;
  }

  /** The lowest node that begins at {@code pfn} or above; the anchor at the latest. */
  int atOrAbove(long pfn) {
    int best = ANCHOR;
    int node = root;
    while (node != NONE) {
      if (low[node] >= pfn) {
        best = node;
        node = left[node];
      } else {
        node = right[node];
      }
    }
    return best;
  }

  int next(int node) {
    if (right[node] != NONE) {
      return leftmost(right[node]);
    }
    int child = node;
    int up = parent[node];
    while (up != NONE && child == right[up]) {
      child = up;
      up = parent[up];
    }
    return up;
  }

  int previous(int node) {
    if (left[node] != NONE) {
      int at = left[node];
      while (right[at] != NONE) {
        at = right[at];
      }
      return at;
    }
    int child = node;
    int up = parent[node];
    while (up != NONE && child == left[up]) {
      child = up;
      up = parent[up];
    }
    return up;
  }

  int first() {
    return leftmost(root);
  }

  private int leftmost(int node) {
    int at = node;
    while (left[at] != NONE) {
      at = left[at];
    }
    return at;
  }

  /** Adds a range that overlaps no other; returns its node. */
  int insert(long pfnLow, long pfnHigh) {
    return insertBelow(atOrAbove(pfnLow), pfnLow, pfnHigh);
  }

  /** Adds a range that lies right below a node; needs no search. */
  int insertBelow(int successor, long pfnLow, long pfnHigh) {
    int node = newNode();
    low[node] = pfnLow;
    high[node] = pfnHigh;
    if (left[successor] == NONE) {
      parent[node] = successor;
      left[successor] = node;
    } else {
      int predecessor = previous(successor);
      parent[node] = predecessor;
      right[predecessor] = node;
    }
    red[node] = true;
    size++;
    balanceAfterInsert(node);
    return node;
  }

  private int newNode() {
    int node = recycled;
    if (node != NONE) {
      recycled = parent[node];
    } else {
      node = unused++;
      if (node == low.length) {
        grow();
      }
    }
    left[node] = NONE;
    right[node] = NONE;
    return node;
  }

  private void grow() {
    int capacity = low.length * 2;
    low = Arrays.copyOf(low, capacity);
    high = Arrays.copyOf(high, capacity);
    left = Arrays.copyOf(left, capacity);
    right = Arrays.copyOf(right, capacity);
    parent = Arrays.copyOf(parent, capacity);
    red = Arrays.copyOf(red, capacity);
  }

  private void balanceAfterInsert(int inserted) {
    int node = inserted;
    while (red[parent[node]]) {
      int up = parent[node];
      int top = parent[up];
      boolean onLeft = up == left[top];
      int uncle = onLeft ? right[top] : left[top];
      if (red[uncle]) {
        red[up] = false;
        red[uncle] = false;
        red[top] = true;
        node = top;
      } else {
        if (node == (onLeft ? right[up] : left[up])) {
          node = up;
          rotate(node, onLeft);
          up = parent[node];
        }
        red[up] = false;
        red[top] = true;
        rotate(top, !onLeft);
      }
    }
    red[root] = false;
  }

  /** Moves {@code node} down to its left or right; its child on the other side takes its place. */
  private void rotate(int node, boolean toLeft) {
    int child = toLeft ? right[node] : left[node];
    int inner = toLeft ? left[child] : right[child];
    if (toLeft) {
      right[node] = inner;
      left[child] = node;
    } else {
      left[node] = inner;
      right[child] = node;
    }
    if (inner != NONE) {
      parent[inner] = node;
    }
    replaceChild(node, child);
    parent[node] = child;
  }

  private void replaceChild(int old, int replacement) {
    int up = parent[old];
    parent[replacement] = up;
    if (up == NONE) {
      root = replacement;
    } else if (left[up] == old) {
      left[up] = replacement;
    } else {
      right[up] = replacement;
    }
  }

  /** Takes a node out; its number may be given to another range. */
  void remove(int node) {
    int gap;
    boolean lostBlack = !red[node];
    if (left[node] == NONE || right[node] == NONE) {
      gap = left[node] == NONE ? right[node] : left[node];
      replaceChild(node, gap);
    } else {
      int heir = leftmost(right[node]);
      lostBlack = !red[heir];
      gap = right[heir];
      if (parent[heir] == node) {
        parent[gap] = heir;
      } else {
        replaceChild(heir, gap);
        right[heir] = right[node];
        parent[right[heir]] = heir;
      }
      replaceChild(node, heir);
      left[heir] = left[node];
      parent[left[heir]] = heir;
      red[heir] = red[node];
    }
    if (lostBlack) {
      balanceAfterRemove(gap);
    }
    // "None" lent its parent link to the balancing; its colour must stay black.
    parent[NONE] = NONE;
    red[NONE] = false;
    parent[node] = recycled;
    recycled = node;
    size--;
  }

  private void balanceAfterRemove(int start) {
    int node = start;
    while (node != root && !red[node]) {
      int up = parent[node];
      boolean onLeft = node == left[up];
      int sibling = onLeft ? right[up] : left[up];
      if (red[sibling]) {
        red[sibling] = false;
        red[up] = true;
        rotate(up, onLeft);
        sibling = onLeft ? right[up] : left[up];
      }
      int near = onLeft ? left[sibling] : right[sibling];
      int far = onLeft ? right[sibling] : left[sibling];
      if (!red[near] && !red[far]) {
        red[sibling] = true;
        node = up;
        continue;
      }
      if (!red[far]) {
        red[near] = false;
        red[sibling] = true;
        rotate(sibling, !onLeft);
        sibling = onLeft ? right[up] : left[up];
        far = onLeft ? right[sibling] : left[sibling];
      }
      red[sibling] = red[up];
      red[up] = false;
      red[far] = false;
      rotate(up, onLeft);
      node = root;
    }
    red[node] = false;
  }
}
