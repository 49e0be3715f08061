package org.iommulab.bench;

import java.util.Locale;

/**
 * One workload measured.
 *
 * @param workload its name in {@code limit.c}
 * @param operations translations or pages of one round
 * @param nanoseconds what one of them took in the best round
 * @param checksum sum of all results; equal to that of {@code limit.c} if the work was the same
 */
public record Measurement(String workload, long operations, double nanoseconds, long checksum) {

  /** The line {@code limit.c} prints. */
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"workload\":\"%s\",\"ops\":%d,\"ns_per_op\":%.3f,\"checksum\":\"%016x\"}",
        workload,
        operations,
        nanoseconds,
        checksum);
  }
}
