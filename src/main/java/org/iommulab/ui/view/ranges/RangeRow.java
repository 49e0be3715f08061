package org.iommulab.ui.view.ranges;

import org.iommulab.memory.Page;
import org.iommulab.vtd.tables.MappedRange;

/**
 * A mapped range of an address space.
 *
 * @param range where it is and what it allows
 * @param owner whose address space it is
 */
record RangeRow(MappedRange range, String owner) {

  /** Last input address. */
  long last() {
    return range.last();
  }

  /** Bytes of each page. */
  long pageSize() {
    return Page.bytesAtLevel(range.pageLevel());
  }
}
