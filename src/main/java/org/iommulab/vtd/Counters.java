package org.iommulab.vtd;

import java.util.Arrays;
import org.iommulab.vtd.WalkStep.Outcome;
import org.iommulab.vtd.WalkStep.Stage;

/** Event counts of a unit. */
final class Counters {

  private final boolean fastHitsUseContext;

  /** Counters of a unit; the flag tells whether a fast IOTLB hit means a context-cache hit. */
  Counters(boolean fastHitsUseContext) {
    this.fastHitsUseContext = fastHitsUseContext;
  }

  long requests;
  long iotlbHits;
  long iotlbMisses;
  long contextHits;
  long contextMisses;
  long tableReads;
  long faults;
  long invalidations;
  long interrupts;

  /** Requests the fast way answered from the IOTLB. */
  long fastHits;

  /** Requests the fast way answered by a walk, by table depth * 8 + leaf level. */
  final long[] fastWalks = new long[48];

  /** A context entry has to be read from memory. */
  void missContext(Request request, boolean cacheExists) {
    if (!request.probing) {
      contextMisses++;
    }
    if (request.recorder != null) {
      request.recorder.plain(
          Stage.CONTEXT_CACHE, "Context cache", cacheExists ? Outcome.MISS : Outcome.OFF);
    }
  }

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
    fastHits = 0;
    Arrays.fill(fastWalks, 0);
  }

  UnitCounters snapshot() {
    long walks = 0;
    long reads = 0;
    for (int i = 0; i < fastWalks.length; i++) {
      walks += fastWalks[i];
      reads += fastWalks[i] * ((i >> 3) - (i & 7) + 1);
    }
    return new UnitCounters(
        requests + fastHits + walks,
        iotlbHits + fastHits,
        iotlbMisses,
        contextHits + (fastHitsUseContext ? fastHits : 0) + walks,
        contextMisses,
        tableReads + reads,
        faults,
        invalidations,
        interrupts);
  }

  void restore(UnitCounters saved) {
    reset();
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
