/**
 * The driver for VT-d units (drivers/iommu/intel): boot, domains, page tables, attaching,
 * invalidation, faults. Reaches the hardware through registers, memory and the queue only; from
 * {@code vtd} it takes bit layouts. May import {@code linux.boot}, {@code linux.dma}, {@code
 * linux.intel.queue}, {@code linux.intel.table}, {@code linux.iommu}, {@code linux.mm}, {@code
 * linux.pci}, {@code linux.uapi}, {@code vtd.layout}, {@code bus}, {@code bits}, {@code memory} and
 * {@code trace}.
 */
package org.iommulab.linux.intel;
