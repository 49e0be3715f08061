package org.iommulab.vtd.tables;

/**
 * The queue of page requests as its registers describe it.
 *
 * @param address physical address
 * @param bytes its size
 * @param head offset of the oldest request
 * @param tail offset behind the newest
 */
public record PageRequestRing(long address, int bytes, long head, long tail) {}
