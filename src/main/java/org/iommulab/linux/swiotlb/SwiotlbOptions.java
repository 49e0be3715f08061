package org.iommulab.linux.swiotlb;

/**
 * The parameter {@code swiotlb=<slabs>[,<areas>][,force|noforce]}.
 *
 * @param slabs slots of the pool
 * @param areas areas asked for, 0 for one per CPU
 * @param force every streaming mapping bounces
 * @param noforce nothing ever bounces
 */
public record SwiotlbOptions(int slabs, int areas, boolean force, boolean noforce) {

  /** 64 MiB. */
  public static final int DEFAULT_SLABS = 32_768;

  /** 1 MiB: a pool has at least that much. */
  static final int LEAST_SLABS = 512;

  /** Most slots: the parameter is kept in an int and the pool lies below 4 GiB. */
  private static final long MOST_SLABS = 1L << 20;

  /** Without the parameter. */
  public static final SwiotlbOptions DEFAULT = new SwiotlbOptions(DEFAULT_SLABS, 0, false, false);

  /**
   * Reads what stands behind {@code swiotlb=}; like the kernel, it takes no notice of words it does
   * not know.
   *
   * @param text empty if the parameter is not there
   * @param withAreas a second number is the number of areas (from Linux 6.0 on)
   */
  public static SwiotlbOptions parse(String text, boolean withAreas) {
    int slabs = DEFAULT_SLABS;
    int areas = 0;
    int numbers = 0;
    boolean force = false;
    boolean noforce = false;
    for (String word : text.strip().split(",")) {
      if (!word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
        long number = word.length() > 9 ? MOST_SLABS : Long.parseLong(word);
        if (numbers == 0) {
          slabs = (int) alignToSegment(Math.min(number, MOST_SLABS));
        } else if (numbers == 1 && withAreas) {
          areas = (int) Math.clamp(number, 1, 1024);
        }
        numbers++;
      }
      force |= word.equals("force");
      noforce |= word.equals("noforce");
    }
    return new SwiotlbOptions(slabs == 0 ? DEFAULT_SLABS : slabs, areas, force, noforce);
  }

  private static long alignToSegment(long slabs) {
    return (slabs + SlotPool.SEGMENT - 1) / SlotPool.SEGMENT * SlotPool.SEGMENT;
  }
}
