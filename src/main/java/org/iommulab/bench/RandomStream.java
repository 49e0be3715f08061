package org.iommulab.bench;

/** The numbers of {@code limit.c}: xorshift64* from state 1. */
final class RandomStream {

  private static final long MULTIPLIER = 0x2545_F491_4F6C_DD1DL;

  private long state = 1;

  /** A number below {@code bound}, which must be a power of two. */
  long below(long bound) {
    long x = state;
    x ^= x >>> 12;
    x ^= x << 25;
    x ^= x >>> 27;
    state = x;
    return x * MULTIPLIER & bound - 1;
  }
}
