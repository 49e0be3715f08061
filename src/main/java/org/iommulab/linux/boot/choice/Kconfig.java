package org.iommulab.linux.boot.choice;

/**
 * How the kernel was configured.
 *
 * @param defaultOn {@code CONFIG_INTEL_IOMMU_DEFAULT_ON}
 * @param scalableDefaultOn {@code CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON}
 * @param passthrough {@code CONFIG_IOMMU_DEFAULT_PASSTHROUGH}
 * @param strict {@code CONFIG_IOMMU_DEFAULT_DMA_STRICT}
 */
public record Kconfig(
    boolean defaultOn, boolean scalableDefaultOn, boolean passthrough, boolean strict) {

  /** VT-d off unless asked for, translated, lazy: as most distributions. */
  public static final Kconfig DEFAULT = new Kconfig(false, false, false, false);

  /** The same with VT-d on without a parameter. */
  public Kconfig on() {
    return new Kconfig(true, scalableDefaultOn, passthrough, strict);
  }

  /** The same with pass-through as the default. */
  public Kconfig passingThrough() {
    return new Kconfig(defaultOn, scalableDefaultOn, true, strict);
  }
}
