package org.iommulab.vtd.tables;

import org.iommulab.memory.Page;

/**
 * Neighbouring leaf entries that continue each other: same rights, same page size, addresses
 * contiguous on both sides.
 *
 * @param iova first input address
 * @param size bytes
 * @param physical first output address
 * @param rights what every entry on the path allows
 * @param pageLevel 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB leaves
 */
public record MappedRange(long iova, long size, long physical, EntryRights rights, int pageLevel) {

  /** Last input address. */
  public long last() {
    return iova + size - 1;
  }

  /** Last output address. */
  public long lastPhysical() {
    return physical + size - 1;
  }

  /** Bytes of each page. */
  public long pageSize() {
    return Page.address(1L << 9 * (pageLevel - 1));
  }

  /** {@code 4K}, {@code 2M} or {@code 1G}. */
  public String pageName() {
    return PageTable.sizeName(pageLevel);
  }
}
