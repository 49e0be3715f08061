package org.iommulab.linux.swiotlb;

import org.iommulab.linux.boot.Era;

/**
 * What changed in SWIOTLB over the years.
 *
 * @param areas the pool is cut into areas with a lock each, the current CPU's one is searched first
 * @param copiesInAlways a mapping copies in whatever its direction, so that old pool contents never
 *     reach a buffer
 * @param syncCopiesInAlways {@code sync_for_device} copies in whatever the direction: the first
 *     form of the repair for old pool contents, in 5.17 only
 * @param slotArray slots are a structure of their own and remember the size of their mapping
 * @param poolStructures a pool hangs below {@code struct io_tlb_mem}
 * @param padsAddresses the log shows 16 digits of an address
 */
public record SwiotlbRules(
    boolean areas,
    boolean copiesInAlways,
    boolean syncCopiesInAlways,
    boolean slotArray,
    boolean poolStructures,
    boolean padsAddresses) {

  /** The rules of that age. */
  public static SwiotlbRules of(Era era) {
    return new SwiotlbRules(
        era.atLeast(Era.V6_1),
        era.atLeast(Era.V5_15),
        era == Era.V5_17,
        era.atLeast(Era.V5_15),
        era.atLeast(Era.V6_12),
        era.atLeast(Era.V5_12));
  }
}
