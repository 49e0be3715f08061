package org.iommulab.bus.device;

/**
 * Pseudo-random numbers whose whole state is one number, so that it can live in a register. The
 * steps are those of SplitMix64.
 */
public final class Scatter {

  private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

  private Scatter() {}

  /** The number that follows; also the next state. */
  public static long next(long state) {
    long z = state + STEP;
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
