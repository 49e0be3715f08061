package org.iommulab.vtd.tables;

import org.iommulab.memory.Page;

/**
 * One table page inside a tree, at the place where the tree reaches it.
 *
 * @param address physical address of the page
 * @param level 1 for the table that holds 4 KiB leaves, upwards
 * @param iova first input address it translates
 * @param rights what the entries above it allow
 */
public record TableNode(long address, int level, long iova, EntryRights rights) {

  /** Name of its entries: PTE, PDE, PDPE, PML4E or PML5E. */
  public String entryName() {
    return switch (level) {
      case 1 -> "PTE";
      case 2 -> "PDE";
      case 3 -> "PDPE";
      case 4 -> "PML4E";
      default -> "PML5E";
    };
  }

  /** Name of the table: PT, PD, PDPT, PML4 or PML5. */
  public String name() {
    return switch (level) {
      case 1 -> "PT";
      case 2 -> "PD";
      case 3 -> "PDPT";
      case 4 -> "PML4";
      default -> "PML5";
    };
  }

  /** Input bytes that one entry translates. */
  public long entrySpan() {
    return Page.bytesAtLevel(level);
  }
}
