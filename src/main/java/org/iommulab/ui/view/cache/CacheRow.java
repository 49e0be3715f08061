package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * One set with its ways, or neighbouring empty sets folded into one line.
 *
 * @param set its number
 * @param lastSet number of the last folded set; the same as {@code set} for one set
 * @param cells its places, in order; none for folded sets
 */
record CacheRow(int set, int lastSet, List<CacheCell> cells) {

  /** Shortest run of empty sets that is folded. */
  private static final int FOLD_FROM = 4;

  CacheRow(int set, List<CacheCell> cells) {
    this(set, set, cells);
  }

  CacheRow {
    cells = List.copyOf(cells);
  }

  /** Tells whether nothing is cached in the set. */
  boolean isEmpty() {
    return cells.stream().allMatch(cell -> cell.line() == null);
  }

  /** Tells whether the line stands for several empty sets. */
  boolean isFold() {
    return lastSet > set;
  }

  /** The same sets with runs of empty ones folded; a cache that is empty stays as it is. */
  static List<CacheRow> folded(List<CacheRow> rows) {
    if (rows.stream().allMatch(CacheRow::isEmpty)) {
      return rows;
    }
    var folded = new ArrayList<CacheRow>();
    for (int i = 0; i < rows.size(); ) {
      int end = i;
      while (end < rows.size() && rows.get(end).isEmpty()) {
        end++;
      }
      if (end - i >= FOLD_FROM) {
        folded.add(new CacheRow(rows.get(i).set(), rows.get(end - 1).set(), List.of()));
        i = end;
      } else {
        folded.add(rows.get(i++));
      }
    }
    return List.copyOf(folded);
  }
}
