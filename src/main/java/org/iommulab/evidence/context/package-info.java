/**
 * What a machine says about itself beside its tables: PCI devices, the map of memory, groups. Reads
 * texts; imports {@code bus} only.
 */
package org.iommulab.evidence.context;
