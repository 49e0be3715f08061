/**
 * The kernel: boot choices, IOVA allocator, flush queues, SWIOTLB, memory of page tables, devices
 * as the DMA API sees them. May import {@code linux}, {@code vtd.tables}, {@code lab} and the doors
 * of {@code ui}.
 */
package org.iommulab.ui.view.kernel;
