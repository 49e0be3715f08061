package org.iommulab.vtd.request;

import java.util.Arrays;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;

/** Event counts of a unit. */
public final class Counters {

  /** Five first-stage entries, and five second-stage ones for each of them and for the output. */
  private static final int MOST_READS = 5 + 6 * 5;

  private final boolean fastHitsUseContext;

  /** Counters of a unit; the flag tells whether a fast IOTLB hit means a context-cache hit. */
  public Counters(boolean fastHitsUseContext) {
    this.fastHitsUseContext = fastHitsUseContext;
  }

  public long requests;
  public long iotlbHits;
  public long iotlbMisses;
  public long contextHits;
  long contextMisses;
  public long tableReads;
  public long faults;
  public long invalidations;
  public long interrupts;
  long pasidHits;
  long pasidMisses;
  long pagingHits;
  long pagingMisses;
  public long interruptHits;
  public long interruptMisses;
  public long pageRequests;
  public long translationsRefused;

  /** Requests the fast way answered from the IOTLB. */
  public long fastHits;

  /** Requests the fast way answered by a walk, by the number of entries that it read. */
  public final long[] fastWalks = new long[MOST_READS + 1];

  /** Counts a lookup of the PASID cache. */
  public void lookUpPasid(Request request, boolean hit) {
    pasidHits += hit && !request.probing ? 1 : 0;
    pasidMisses += hit || request.probing ? 0 : 1;
  }

  /** Counts a lookup of the paging-structure cache. */
  public void lookUpPaging(Request request, boolean hit) {
    pagingHits += hit && !request.probing ? 1 : 0;
    pagingMisses += hit || request.probing ? 0 : 1;
  }

  /** A context entry has to be read from memory. */
  public void missContext(Request request, boolean cacheExists) {
    if (!request.probing) {
      contextMisses++;
    }
    if (request.recorder != null) {
      request.recorder.plain(
          Stage.CONTEXT_CACHE, "Context cache", cacheExists ? Outcome.MISS : Outcome.OFF);
    }
  }

  public void reset() {
    requests = 0;
    iotlbHits = 0;
    iotlbMisses = 0;
    contextHits = 0;
    contextMisses = 0;
    tableReads = 0;
    faults = 0;
    invalidations = 0;
    interrupts = 0;
    pasidHits = 0;
    pasidMisses = 0;
    pagingHits = 0;
    pagingMisses = 0;
    interruptHits = 0;
    interruptMisses = 0;
    pageRequests = 0;
    translationsRefused = 0;
    fastHits = 0;
    Arrays.fill(fastWalks, 0);
  }

  public UnitCounters snapshot() {
    long walks = 0;
    long reads = 0;
    for (int read = 0; read <= MOST_READS; read++) {
      walks += fastWalks[read];
      reads += fastWalks[read] * read;
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
        interrupts,
        pasidHits,
        pasidMisses,
        pagingHits,
        pagingMisses,
        interruptHits,
        interruptMisses,
        pageRequests,
        translationsRefused);
  }
}
