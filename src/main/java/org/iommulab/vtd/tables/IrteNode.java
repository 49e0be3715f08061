package org.iommulab.vtd.tables;

/**
 * An interrupt-remapping entry that is not all zero.
 *
 * @param index its place in the table
 * @param address physical address
 * @param lo bits 63:0
 * @param hi bits 127:64
 */
public record IrteNode(int index, long address, long lo, long hi) {}
