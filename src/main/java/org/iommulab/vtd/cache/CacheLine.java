package org.iommulab.vtd.cache;

import org.iommulab.vtd.request.Rights;

/**
 * One entry of a cache, as the cache view shows it.
 *
 * @param cache the cache it sits in
 * @param set its set
 * @param way its place in the set
 * @param source requester id of the tag or of the request that filled it
 * @param domain domain id
 * @param pasid PASID, -1 if the tag has none
 * @param page first input address it covers (0 for context and PASID entries)
 * @param size bytes it covers (0 for context and PASID entries)
 * @param level level of the entry it was made from
 * @param frame physical address of the page, or of the next table
 * @param rights {@link Rights} bits
 * @param age requests since it was last used
 * @param negative true if it says "not present"; only with caching mode
 */
public record CacheLine(
    Cache cache,
    int set,
    int way,
    int source,
    int domain,
    int pasid,
    long page,
    long size,
    int level,
    long frame,
    int rights,
    long age,
    boolean negative) {

  /** The caches of a unit. */
  public enum Cache {
    IOTLB,
    CONTEXT,
    PASID,
    PAGING_STRUCTURE,
    INTERRUPT_ENTRY
  }
}
