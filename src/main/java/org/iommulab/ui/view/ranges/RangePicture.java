package org.iommulab.ui.view.ranges;

import java.util.List;
import java.util.Optional;

/**
 * What an address space maps.
 *
 * @param domain the domain id, or -1 if there is no address space
 * @param rows ranges that the filter lets through, at most {@link #MOST}
 * @param found how many it lets through in all
 * @param total how many there are
 * @param bytes bytes of those it lets through
 */
record RangePicture(int domain, List<RangeRow> rows, long found, long total, long bytes) {

  /** Most ranges listed; a longer list helps nobody, a filter does. */
  static final int MOST = 50_000;

  static final RangePicture NONE = new RangePicture(-1, List.of(), 0, 0, 0);

  RangePicture {
    rows = List.copyOf(rows);
  }

  /** The range that translates an address. */
  Optional<RangeRow> holding(long iova) {
    return rows.stream()
        .filter(row -> Long.compareUnsigned(iova - row.range().iova(), row.range().size()) < 0)
        .findFirst();
  }
}
