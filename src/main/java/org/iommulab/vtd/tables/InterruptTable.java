package org.iommulab.vtd.tables;

/**
 * The interrupt-remapping table as IRTA describes it.
 *
 * @param address physical address
 * @param entries number of entries
 * @param extended APIC ids have 32 bits
 */
public record InterruptTable(long address, int entries, boolean extended) {}
