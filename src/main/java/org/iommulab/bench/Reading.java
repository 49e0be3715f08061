package org.iommulab.bench;

import java.util.Locale;

/**
 * What a workload of the window measured.
 *
 * @param workload its name
 * @param what one of its figures
 * @param value how much
 * @param unit {@code us}, {@code ms}, {@code MiB}
 */
public record Reading(String workload, String what, double value, String unit) {

  /** One JSON object. */
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"workload\":\"%s\",\"what\":\"%s\",\"%s\":%.1f}",
        workload,
        what,
        unit,
        value);
  }

  /** A line for people. */
  public String row() {
    return String.format(Locale.ROOT, "%-16s %8.1f %s   %s", workload, value, unit, what);
  }
}
