package org.iommulab.bench;

/** A workload of {@code limit.c}, ready to be repeated. */
interface Workload {

  /** Its name in {@code limit.c}. */
  String name();

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
