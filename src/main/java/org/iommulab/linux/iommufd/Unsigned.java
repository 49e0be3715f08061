package org.iommulab.linux.iommufd;

/** Comparisons of 64-bit addresses, which have no sign. */
final class Unsigned {

  /** ULONG_MAX. */
  static final long MAX = -1L;

  private Unsigned() {}

  static boolean less(long a, long b) {
    return Long.compareUnsigned(a, b) < 0;
  }

  static boolean atMost(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0;
  }

  static long min(long a, long b) {
    return less(a, b) ? a : b;
  }

  static long max(long a, long b) {
    return less(a, b) ? b : a;
  }

  /** Tells whether {@code a + b} wraps. */
  static boolean wraps(long a, long b) {
    return less(a + b, a);
  }
}
