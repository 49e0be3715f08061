package org.iommulab.bus.traffic;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** In which order a device goes through its ranges. */
public enum TrafficPattern {
  /** One request behind the other, from the first range to the last and again. */
  SEQUENTIAL,
  /** Anywhere in any range. */
  RANDOM,
  /**
   * As a ring of descriptors in the first range: read one, move data in the other ranges, write it
   * back.
   */
  RING,
  /** From the start of the ranges in equal steps, a page unless told otherwise. */
  STRIDE,
  /** Runs of eight requests behind each other, each run anywhere. */
  BURST;

  /** The word used in scripts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The pattern of that word. */
  public static Optional<TrafficPattern> named(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(TrafficPattern::word).toList();
  }
}
