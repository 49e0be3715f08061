package org.iommulab.linux.vfio;

/** Module parameters of {@code vfio_iommu_type1}. */
public final class Type1Limits {

  private long dmaEntryLimit = 65535;

  /** Most mappings in a container made from now on. */
  public long dmaEntryLimit() {
    return dmaEntryLimit;
  }

  /** Sets {@code dma_entry_limit}. */
  public void setDmaEntryLimit(long limit) {
    dmaEntryLimit = limit;
  }
}
