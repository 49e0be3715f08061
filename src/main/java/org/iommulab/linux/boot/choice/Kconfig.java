package org.iommulab.linux.boot.choice;

/**
 * How the kernel was configured.
 *
 * @param intelIommu {@code CONFIG_INTEL_IOMMU}: the driver is built in
 * @param defaultOn {@code CONFIG_INTEL_IOMMU_DEFAULT_ON}
 * @param scalableDefaultOn {@code CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON}
 * @param passthrough {@code CONFIG_IOMMU_DEFAULT_PASSTHROUGH}
 * @param strict {@code CONFIG_IOMMU_DEFAULT_DMA_STRICT}
 * @param swiotlbDynamic {@code CONFIG_SWIOTLB_DYNAMIC}: a full pool grows
 */
public record Kconfig(
    boolean intelIommu,
    boolean defaultOn,
    boolean scalableDefaultOn,
    boolean passthrough,
    boolean strict,
    boolean swiotlbDynamic) {

  /** VT-d off unless asked for, translated, lazy: as most distributions. */
  public static final Kconfig DEFAULT = new Kconfig(true, false, false, false, false, false);

  /** The same with VT-d on without a parameter. */
  public Kconfig on() {
    return new Kconfig(intelIommu, true, scalableDefaultOn, passthrough, strict, swiotlbDynamic);
  }

  /** The same with pass-through as the default. */
  public Kconfig passingThrough() {
    return new Kconfig(intelIommu, defaultOn, scalableDefaultOn, true, strict, swiotlbDynamic);
  }
}
