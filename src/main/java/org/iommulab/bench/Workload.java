package org.iommulab.bench;

import java.util.function.Supplier;

/** A piece of work that is set up and ready to be repeated. */
interface Workload {

  /**
   * How to set one up, under its name.
   *
   * @param name as {@code bench --only} takes it; that of {@code limit.c} for work that is there
   *     too
   * @param setUp makes tables, machine and caches anew; its time does not count
   */
  record Named(String name, Supplier<Workload> setUp) {}

  /** Operations of one round. */
  long operations();

  /** Rounds before the first that counts: those that are too short to get compiled in time. */
  default int warmUp() {
    return 0;
  }

  /** How often it is measured; the best counts. */
  int rounds();

  /** Does one round. */
  Round round();

  /**
   * What one round took and gave.
   *
   * @param nanoseconds for all its operations
   * @param checksum sum of their results
   */
  record Round(long nanoseconds, long checksum) {}
}
