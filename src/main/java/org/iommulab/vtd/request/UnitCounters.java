package org.iommulab.vtd.request;

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
 * @param pasidHits PASID entries found in the cache
 * @param pasidMisses PASID entries read from memory
 * @param pagingHits walks that the paging-structure cache shortened
 * @param pagingMisses walks that it could not shorten
 * @param interruptHits interrupt entries found in the cache
 * @param interruptMisses interrupt entries read from memory
 * @param pageRequests page requests put into the queue
 * @param translationsRefused translation requests that got no success
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
    long interrupts,
    long pasidHits,
    long pasidMisses,
    long pagingHits,
    long pagingMisses,
    long interruptHits,
    long interruptMisses,
    long pageRequests,
    long translationsRefused) {}
