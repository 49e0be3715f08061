package org.iommulab.ui.view.cache;

import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.request.UnitCounters;

/**
 * Lookups of one cache.
 *
 * @param hits answered
 * @param misses not answered
 */
record Lookups(long hits, long misses) {

  static final Lookups NONE = new Lookups(0, 0);

  /** What a unit counted for a cache since reset; nothing for caches it does not count. */
  static Lookups of(UnitCounters counters, CacheLine.Cache cache) {
    return switch (cache) {
      case IOTLB -> new Lookups(counters.iotlbHits(), counters.iotlbMisses());
      case CONTEXT -> new Lookups(counters.contextHits(), counters.contextMisses());
      case PASID -> new Lookups(counters.pasidHits(), counters.pasidMisses());
      case PAGING_STRUCTURE -> new Lookups(counters.pagingHits(), counters.pagingMisses());
      case INTERRUPT_ENTRY -> new Lookups(counters.interruptHits(), counters.interruptMisses());
    };
  }

  long all() {
    return hits + misses;
  }

  /** Share of lookups that hit, in percent; -1 if there was none. */
  int hitPercent() {
    return all() == 0 ? -1 : (int) Math.round(100.0 * hits / all());
  }
}
