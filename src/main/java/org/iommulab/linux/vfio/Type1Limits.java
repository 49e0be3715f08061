package org.iommulab.linux.vfio;

/** Module parameters of {@code vfio_iommu_type1}. */
public final class Type1Limits {

  private long dmaEntryLimit = 65535;
  private boolean unsafeInterrupts;

  /** {@code allow_unsafe_interrupts}: devices are served although interrupts are not remapped. */
  public boolean unsafeInterrupts() {
    return unsafeInterrupts;
  }

  /** Sets {@code allow_unsafe_interrupts}. */
  public void allowUnsafeInterrupts(boolean allowed) {
    unsafeInterrupts = allowed;
  }

  /** Most mappings in a container made from now on. */
  public long dmaEntryLimit() {
    return dmaEntryLimit;
  }

  /** Sets {@code dma_entry_limit}. */
  public void setDmaEntryLimit(long limit) {
    dmaEntryLimit = limit;
  }
}
