/**
 * The texts that Linux shows under {@code /sys/kernel/debug/iommu/intel}: reading them, and writing
 * them from tables in memory, letter by letter. May import {@code vtd.layout}, {@code vtd.tables},
 * {@code memory} and {@code bus}.
 */
package org.iommulab.evidence.debugfs;
