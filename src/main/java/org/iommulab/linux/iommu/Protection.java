package org.iommulab.linux.iommu;

/** Bits of a mapping's {@code prot} argument. */
public final class Protection {

  /** {@code IOMMU_READ}. */
  public static final int READ = 1;

  /** {@code IOMMU_WRITE}. */
  public static final int WRITE = 2;

  /** {@code IOMMU_CACHE}: DMA is cache coherent. */
  public static final int CACHE = 4;

  /** {@code IOMMU_MMIO}: the target is a device's registers. */
  public static final int MMIO = 16;

  private Protection() {}
}
