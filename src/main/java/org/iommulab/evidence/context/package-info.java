/**
 * What a machine says about itself beside its tables: PCI devices, the map of memory, groups. Reads
 * texts. May import nothing of the laboratory.
 */
package org.iommulab.evidence.context;
