package org.iommulab.vtd.cache;

/**
 * An interrupt entry as read.
 *
 * @param index its place in the table
 * @param low bits 63:0
 * @param high bits 127:64
 */
public record InterruptEntry(int index, long low, long high) {}
