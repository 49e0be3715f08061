package org.iommulab.vtd.tables;

/** Takes the leaf entries of a tree, one by one. */
@FunctionalInterface
public interface LeafVisitor {

  /**
   * One leaf.
   *
   * @param iova first input address
   * @param level 1, 2 or 3
   * @param path entries by level; only those from {@code level} up are of this leaf; valid during
   *     the call
   * @return false to end the walk
   */
  boolean leaf(long iova, int level, long[] path);
}
