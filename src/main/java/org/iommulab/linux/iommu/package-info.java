/**
 * The IOMMU core: domains, groups, reserved regions, {@code iommu_map()} and {@code iommu_unmap()},
 * DMA ownership. Knows drivers only as {@link org.iommulab.linux.iommu.IommuOps}. May import {@code
 * linux.boot}, {@code linux.pci}, {@code linux.mm} and {@code linux.uapi}.
 */
package org.iommulab.linux.iommu;
