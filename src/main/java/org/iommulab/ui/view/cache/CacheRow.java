package org.iommulab.ui.view.cache;

import java.util.List;

/**
 * One set with its ways.
 *
 * @param set its number
 * @param cells its places, in order
 */
record CacheRow(int set, List<CacheCell> cells) {

  CacheRow {
    cells = List.copyOf(cells);
  }

  /** Tells whether a place of the set wears a tag, which makes the row taller. */
  boolean isMarked() {
    return cells.stream().anyMatch(cell -> cell.mark() != null);
  }

  /** Tells whether nothing is cached in the set. */
  boolean isEmpty() {
    return cells.stream().allMatch(cell -> cell.line() == null);
  }
}
