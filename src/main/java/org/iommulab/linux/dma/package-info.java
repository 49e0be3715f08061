/**
 * The DMA API: what drivers call to get an address a device can use. Direct, bounced or translated,
 * with the IOVA caches and flush queue behind it. May import {@code linux.iommu}, {@code
 * linux.intel}, {@code linux.iova}, {@code linux.swiotlb}, {@code linux.time}, {@code linux.boot},
 * {@code linux.mm}, {@code linux.pci} and {@code linux.uapi}.
 */
package org.iommulab.linux.dma;
