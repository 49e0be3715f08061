package org.iommulab.vtd;

/** Event counts of a unit. */
final class Counters {

  long requests;
  long iotlbHits;
  long iotlbMisses;
  long contextHits;
  long contextMisses;
  long tableReads;
  long faults;
  long invalidations;
  long interrupts;

  void reset() {
    requests = 0;
    iotlbHits = 0;
    iotlbMisses = 0;
    contextHits = 0;
    contextMisses = 0;
    tableReads = 0;
    faults = 0;
    invalidations = 0;
    interrupts = 0;
  }

  UnitCounters snapshot() {
    return new UnitCounters(
        requests,
        iotlbHits,
        iotlbMisses,
        contextHits,
        contextMisses,
        tableReads,
        faults,
        invalidations,
        interrupts);
  }

  void restore(UnitCounters saved) {
    requests = saved.requests();
    iotlbHits = saved.iotlbHits();
    iotlbMisses = saved.iotlbMisses();
    contextHits = saved.contextHits();
    contextMisses = saved.contextMisses();
    tableReads = saved.tableReads();
    faults = saved.faults();
    invalidations = saved.invalidations();
    interrupts = saved.interrupts();
  }
}
