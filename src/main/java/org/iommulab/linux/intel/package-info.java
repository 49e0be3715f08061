/**
 * The driver for VT-d units (drivers/iommu/intel): boot, domains, page tables, attaching,
 * invalidation, faults. Reaches the hardware through registers, memory and the queue only; from
 * {@code vtd} it takes bit layouts.
 */
package org.iommulab.linux.intel;
