package org.iommulab.linux.swiotlb;

/**
 * How large a pool becomes.
 *
 * @param slabs slots; a power of two if there are several areas
 * @param areas parts with a lock of their own, of a segment each at least
 */
record PoolSize(int slabs, int areas) {

  static PoolSize of(SwiotlbOptions options, SwiotlbRules rules, int cpus) {
    int areas = rules.areas() ? powerOfTwo(options.areas() > 0 ? options.areas() : cpus) : 1;
    return new PoolSize(areas > 1 ? powerOfTwo(options.slabs()) : options.slabs(), areas);
  }

  /** Fewer areas if they would have less than a segment. */
  PoolSize fitted() {
    return new PoolSize(slabs, Math.max(1, Math.min(areas, slabs / SlotPool.SEGMENT)));
  }

  long bytes() {
    return (long) slabs * SlotPool.BYTES;
  }

  private static int powerOfTwo(int number) {
    return number <= 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
  }
}
