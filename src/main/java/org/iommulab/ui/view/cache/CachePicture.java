package org.iommulab.ui.view.cache;

import java.util.List;
import org.iommulab.vtd.config.CacheGeometry;
import org.jspecify.annotations.Nullable;

/**
 * Everything a cache pane draws.
 *
 * @param geometry its shape; null for opened evidence, which has no caches
 * @param used places in use
 * @param stale places whose content the tables contradict
 * @param negative places that say "not present"; only with caching mode
 * @param hits requests answered since reset
 * @param misses requests not answered since reset
 * @param rows its sets; for a cache without sets, one row of all that is cached
 */
record CachePicture(
    @Nullable CacheGeometry geometry,
    int used,
    int stale,
    int negative,
    long hits,
    long misses,
    List<CacheRow> rows) {

  /** A cache with more ways than this is listed instead of drawn as a grid. */
  static final int MOST_WAYS = 16;

  /** Opened evidence. */
  static final CachePicture NONE = new CachePicture(null, 0, 0, 0, 0, 0, List.of());

  CachePicture {
    rows = List.copyOf(rows);
  }

  /** Tells whether it is drawn as sets and ways. */
  boolean isGrid() {
    CacheGeometry shape = geometry;
    return shape != null && !shape.isUnbounded() && shape.ways() <= MOST_WAYS;
  }

  /** Everything cached, in order of sets and ways. */
  List<CacheCell> lines() {
    return rows.stream()
        .flatMap(row -> row.cells().stream())
        .filter(cell -> cell.line() != null)
        .toList();
  }

  /** Share of lookups that hit since reset, in percent; -1 before the first lookup. */
  int hitPercent() {
    return new Lookups(hits, misses).hitPercent();
  }
}
