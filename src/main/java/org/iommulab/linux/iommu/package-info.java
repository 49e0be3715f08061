/**
 * The IOMMU core: domains, groups, reserved regions, {@code iommu_map()} and {@code iommu_unmap()},
 * DMA ownership. Knows drivers only as {@link org.iommulab.linux.iommu.IommuOps}. May import {@code
 * linux.boot}, {@code linux.mm}, {@code linux.pci}, {@code linux.uapi}, {@code bus}, {@code memory}
 * and {@code trace}.
 */
package org.iommulab.linux.iommu;
