package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel says when an invalidation did not go through.
 *
 * @param line of the log
 * @param error {@code Queue}, {@code Time-out} or {@code Completion}; null for a descriptor
 * @param reason of a queue error
 * @param sid whose device TLB did not answer
 * @param where {@code HEAD} or {@code PRIOR} for a descriptor
 * @param descriptor its kind
 * @param qw0 low quadword
 * @param qw1 high quadword
 */
public record InvalidationError(
    long line,
    @Nullable String error,
    @Nullable Long reason,
    @Nullable Long sid,
    @Nullable String where,
    @Nullable String descriptor,
    @Nullable Long qw0,
    @Nullable Long qw1) {}
