/**
 * The kernel: boot choices, IOVA allocator, flush queues, SWIOTLB, memory of page tables, devices
 * as the DMA API sees them. May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part} and
 * the floors below.
 */
package org.iommulab.ui.view.kernel;
