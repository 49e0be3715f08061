package org.iommulab.bench;

/**
 * The numbers of {@code limit.c}: xorshift64* from state 1. A loop that is measured keeps the state
 * in a local variable, as the program in C does.
 */
final class RandomStream {

  static final long MULTIPLIER = 0x2545_F491_4F6C_DD1DL;

  private long state = 1;

  /** A number below {@code bound}, which must be a power of two. */
  long below(long bound) {
    state = step(state);
    return number(state, bound);
  }

  /** The present state, for {@link #step}. */
  long state() {
    return state;
  }

  /** Continues from a state. */
  void continueFrom(long newState) {
    state = newState;
  }

  /** The state after a state. */
  static long step(long state) {
    long x = state;
    x ^= x >>> 12;
    x ^= x << 25;
    x ^= x >>> 27;
    return x;
  }

  /** The number a state stands for, below {@code bound}. */
  static long number(long state, long bound) {
    return state * MULTIPLIER & bound - 1;
  }
}
