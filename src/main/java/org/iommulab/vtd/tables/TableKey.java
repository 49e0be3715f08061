package org.iommulab.vtd.tables;

import java.util.Locale;

/**
 * Names one page-table tree.
 *
 * @param stage which format its entries have
 * @param root physical address of the top table
 * @param levels 3, 4 or 5
 */
public record TableKey(Stage stage, long root, int levels) {

  /** The two formats of page tables. */
  public enum Stage {
    /** Set up by the host; legacy tables are of this kind too. */
    SECOND,
    /** The format of processor page tables. */
    FIRST;

    /** {@code ss} or {@code fs}. */
    public String shortName() {
      return this == SECOND ? "ss" : "fs";
    }
  }

  /** Number of input address bits. */
  public int inputBits() {
    return 12 + 9 * levels;
  }

  /** {@code ss@0x2bea000/4}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s@0x%x/%d", stage.shortName(), root, levels);
  }
}
