package org.iommulab.linux.iommufd.pages;

/** Comparisons of 64-bit addresses, which have no sign. */
public final class Unsigned {

  /** ULONG_MAX. */
  public static final long MAX = -1L;

  private Unsigned() {}

  public static boolean less(long a, long b) {
    return Long.compareUnsigned(a, b) < 0;
  }

  public static boolean atMost(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0;
  }

  public static long min(long a, long b) {
    return less(a, b) ? a : b;
  }

  public static long max(long a, long b) {
    return less(a, b) ? b : a;
  }

  /** Tells whether {@code a + b} wraps. */
  public static boolean wraps(long a, long b) {
    return less(a + b, a);
  }
}
