package org.iommulab.linux.dma;

import org.iommulab.linux.boot.Era;

/**
 * What changed in the DMA API over the years.
 *
 * @param asksAtEveryCall Intel decides at every call whether to translate, and moves a device with
 *     a narrow mask out of the identity domain
 * @param intelOps Intel has DMA operations of its own
 * @param alwaysLow every allocation tries below 4 GiB first, not only until that fails once
 * @param copiesOutTwice an unmap from a direct mapping syncs first and then copies out again
 * @param byPhysicalAddress mappings are made from physical addresses ({@code dma_map_phys})
 * @param looksBeforeUnmap an unmap of what is not mapped ends with a warning before it takes
 *     anything away
 * @param refusesVmalloc {@code dma_map_single()} rejects vmalloc memory
 * @param reservesForFirst a domain's reserved ranges are those of the first device that got it
 * @param queueInDmaIommu the flush queue belongs to dma-iommu, not to the IOVA allocator
 */
record DmaRules(
    boolean asksAtEveryCall,
    boolean intelOps,
    boolean alwaysLow,
    boolean copiesOutTwice,
    boolean byPhysicalAddress,
    boolean looksBeforeUnmap,
    boolean refusesVmalloc,
    boolean reservesForFirst,
    boolean queueInDmaIommu) {

  static DmaRules of(Era era) {
    return new DmaRules(
        !era.atLeast(Era.V5_9),
        !era.atLeast(Era.V5_12),
        !era.atLeast(Era.V6_12),
        !era.atLeast(Era.V5_15),
        era.atLeast(Era.V6_18),
        era.atLeast(Era.V5_15),
        era.atLeast(Era.V5_7),
        era.atLeast(Era.V5_12),
        era.atLeast(Era.V5_19));
  }
}
