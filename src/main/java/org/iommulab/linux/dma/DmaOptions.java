package org.iommulab.linux.dma;

/**
 * What is chosen for the DMA API at boot.
 *
 * @param forceDac no attempt below 4 GiB first ({@code iommu.forcedac})
 * @param singleQueue one long flush queue for all CPUs instead of a short one for each
 */
public record DmaOptions(boolean forceDac, boolean singleQueue) {

  /** IOVAs below 4 GiB first, a flush queue per CPU. */
  public static final DmaOptions DEFAULT = new DmaOptions(false, false);
}
