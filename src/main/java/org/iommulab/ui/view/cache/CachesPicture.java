package org.iommulab.ui.view.cache;

import java.util.List;
import org.iommulab.vtd.config.CacheGeometry;
import org.jspecify.annotations.Nullable;

/**
 * All caches of a unit, and one of them in full.
 *
 * @param rows one per cache; none for opened evidence
 * @param chosen what the chosen cache holds
 * @param deviceTlbs what all endpoints keep
 * @param samples what the unit had counted after commands, oldest first
 */
record CachesPicture(
    List<Row> rows,
    CachePicture chosen,
    List<DeviceTlbLine> deviceTlbs,
    List<Ratio.Counted> samples) {

  /** Opened evidence. */
  static final CachesPicture NONE =
      new CachesPicture(List.of(), CachePicture.NONE, List.of(), List.of());

  /**
   * One cache in figures.
   *
   * @param cache which
   * @param geometry its shape; null for the caches of devices
   * @param used places in use
   * @param stale places whose content the tables contradict
   * @param negative places that say "not present"
   * @param lookups since reset
   */
  record Row(
      CacheKind cache,
      @Nullable CacheGeometry geometry,
      int used,
      int stale,
      int negative,
      Lookups lookups) {

    /** {@code 5 / 256}, or {@code 5} if there is no bound. */
    String use() {
      CacheGeometry shape = geometry;
      boolean bounded = shape != null && !shape.isUnbounded() && !shape.isNone();
      return shape != null && bounded
          ? used + " / " + shape.sets() * shape.ways()
          : Integer.toString(used);
    }
  }

  CachesPicture {
    rows = List.copyOf(rows);
    deviceTlbs = List.copyOf(deviceTlbs);
    samples = List.copyOf(samples);
  }
}
