package org.iommulab.vtd;

/**
 * Event counts of a unit since reset.
 *
 * @param requests DMA requests
 * @param iotlbHits answered by the IOTLB
 * @param iotlbMisses not answered by it
 * @param contextHits context entries found in the cache
 * @param contextMisses context entries read from memory
 * @param tableReads page-table entries read
 * @param faults requests refused
 * @param invalidations invalidation commands carried out
 * @param interrupts interrupt requests
 */
public record UnitCounters(
    long requests,
    long iotlbHits,
    long iotlbMisses,
    long contextHits,
    long contextMisses,
    long tableReads,
    long faults,
    long invalidations,
    long interrupts) {}
