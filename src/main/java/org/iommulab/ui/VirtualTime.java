package org.iommulab.ui;

import java.util.Locale;

/** Virtual time in the unit that suits it: {@code 0 ns}, {@code 1.204 ms}, {@code 12.000 s}. */
public final class VirtualTime {

  private VirtualTime() {}

  /** A time in nanoseconds as people read it. */
  public static String words(long ns) {
    if (ns < 1_000) {
      return ns + " ns";
    }
    if (ns < 1_000_000) {
      return decimal(ns, 1_000) + " µs";
    }
    return ns < 1_000_000_000 ? decimal(ns, 1_000_000) + " ms" : decimal(ns, 1_000_000_000) + " s";
  }

  private static String decimal(long ns, long unit) {
    return String.format(Locale.ROOT, "%.3f", (double) ns / unit);
  }
}
