package org.iommulab.vtd.tables;

/**
 * A root-table entry that is not all zero.
 *
 * @param bus its index
 * @param address physical address of the entry
 * @param lo bits 63:0
 * @param hi bits 127:64
 */
public record RootNode(int bus, long address, long lo, long hi) {}
