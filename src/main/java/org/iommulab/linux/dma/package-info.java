/**
 * The DMA API: what drivers call to get an address a device can use. Direct, bounced or translated,
 * with the IOVA caches and flush queue behind it. May import {@code linux.boot}, {@code
 * linux.boot.choice}, {@code linux.iommu}, {@code linux.iova}, {@code linux.mm}, {@code linux.pci},
 * {@code linux.swiotlb}, {@code linux.time}, {@code linux.uapi}, {@code bus}, {@code memory} and
 * {@code trace}.
 */
package org.iommulab.linux.dma;
