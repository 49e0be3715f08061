package org.iommulab.linux.swiotlb;

/**
 * What a mapping wants from the pool.
 *
 * @param device name for the log, such as {@code nic 0000:00:03.0}
 * @param original physical address of the buffer
 * @param size bytes to map
 * @param alignMask the slots begin and end on multiples of this plus one; 0 asks for nothing
 * @param direction which way data flows
 * @param skipSync {@code DMA_ATTR_SKIP_CPU_SYNC}: nothing is copied
 * @param segmentBoundary address bits that must not change inside a mapping
 * @param minAlignMask low address bits the device wants preserved
 * @param highest last address the device can drive
 */
public record Bounce(
    String device,
    long original,
    long size,
    long alignMask,
    DmaDirection direction,
    boolean skipSync,
    long segmentBoundary,
    long minAlignMask,
    long highest) {}
