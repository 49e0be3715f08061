package org.iommulab.linux.boot;

/** Who writes the page tables. */
public enum Walker {
  /** The driver's own {@code __domain_mapping()}, up to Linux 6.18. */
  CLASSIC,
  /** {@code drivers/iommu/generic_pt}, from Linux 6.19. */
  GENERIC_PT
}
