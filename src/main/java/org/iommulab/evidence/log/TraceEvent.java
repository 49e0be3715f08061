package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/**
 * A mapping, its end, or a fault that ftrace shows between the lines of a log.
 *
 * @param line of the log
 * @param seconds of the trace clock, or NaN
 * @param event such as {@code map}, {@code unmap}, {@code dma_alloc}, {@code io_page_fault}
 * @param device {@code bb:dd.f}, or null
 * @param iova device address
 * @param end first address behind it, or null
 * @param paddr memory, or null
 * @param size bytes, or null
 * @param unmapped bytes that an unmap really took away, or null
 */
public record TraceEvent(
    long line,
    double seconds,
    String event,
    @Nullable String device,
    @Nullable Long iova,
    @Nullable Long end,
    @Nullable Long paddr,
    @Nullable Long size,
    @Nullable Long unmapped) {}
