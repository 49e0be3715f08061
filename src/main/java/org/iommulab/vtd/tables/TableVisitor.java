package org.iommulab.vtd.tables;

/** Takes the table pages of a tree. */
@FunctionalInterface
public interface TableVisitor {

  /**
   * One table page.
   *
   * @param address physical address
   * @param level 1 for tables of 4 KiB leaves, upwards
   */
  void table(long address, int level);
}
