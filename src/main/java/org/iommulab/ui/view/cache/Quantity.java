package org.iommulab.ui.view.cache;

import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.request.UnitCounters;
import org.jspecify.annotations.Nullable;

/** What can stand above or below the line of a ratio. */
enum Quantity {
  /** Lookups that the chosen cache answered. */
  HITS,
  /** Lookups that it did not answer. */
  MISSES,
  /** Both. */
  LOOKUPS,
  /** DMA requests. */
  REQUESTS,
  /**
   * Reads of memory that requests waited for: their latency. A page-table entry is one; a context
   * or PASID entry that is not cached is two, with the entry above it; an interrupt entry is one.
   */
  MEMORY_READS,
  /** Requests refused. */
  FAULTS,
  /** Invalidation commands carried out. */
  INVALIDATIONS,
  /** Interrupt requests. */
  INTERRUPTS,
  /** Page requests put into the queue. */
  PAGE_REQUESTS,
  /** Commands of the journal. */
  COMMANDS;

  /** How much of it there was since reset; a cache of a device, which is null, counts nothing. */
  long of(UnitCounters counters, CacheLine.@Nullable Cache cache) {
    Lookups lookups = cache == null ? Lookups.NONE : Lookups.of(counters, cache);
    return switch (this) {
      case HITS -> lookups.hits();
      case MISSES -> lookups.misses();
      case LOOKUPS -> lookups.all();
      case REQUESTS -> counters.requests();
      case MEMORY_READS ->
          counters.tableReads()
              + 2 * (counters.contextMisses() + counters.pasidMisses())
              + counters.interruptMisses();
      case FAULTS -> counters.faults();
      case INVALIDATIONS -> counters.invalidations();
      case INTERRUPTS -> counters.interrupts();
      case PAGE_REQUESTS -> counters.pageRequests();
      case COMMANDS -> 0;
    };
  }
}
