package org.iommulab.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The workloads of {@code limit.c}, by name, in its order. */
public final class Benchmark {

  private static final Map<String, Supplier<Workload>> WORKLOADS = new LinkedHashMap<>();

  static {
    WORKLOADS.put("walk-4k-random", () -> TranslationWorkload.dense("walk-4k-random", 1L << 30, 1));
    WORKLOADS.put("walk-2m-random", () -> TranslationWorkload.dense("walk-2m-random", 1L << 38, 2));
    WORKLOADS.put("walk-1g-random", () -> TranslationWorkload.dense("walk-1g-random", 1L << 38, 3));
    WORKLOADS.put("walk-4k-sparse", () -> TranslationWorkload.sparse("walk-4k-sparse"));
    WORKLOADS.put("iotlb-hit", () -> TranslationWorkload.hits("iotlb-hit"));
    WORKLOADS.put("map-4k", () -> MappingWorkload.map("map-4k"));
    WORKLOADS.put("unmap-4k", () -> MappingWorkload.unmap("unmap-4k"));
  }

  private Benchmark() {}

  /** Names for {@link #measure}. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(WORKLOADS.keySet());
  }

  /**
   * Sets a workload up, repeats it and gives its best round.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Measurement measure(String name) {
    Workload workload = setUp(name);
    for (int i = 0; i < workload.warmUp(); i++) {
      workload.round();
    }
    long best = Long.MAX_VALUE;
    long checksum = 0;
    for (int i = 0; i < workload.rounds(); i++) {
      Workload.Round round = workload.round();
      best = Math.min(best, round.nanoseconds());
      checksum = round.checksum();
    }
    return new Measurement(
        name, workload.operations(), (double) best / workload.operations(), checksum);
  }

  static Workload setUp(String name) {
    Supplier<Workload> setUp = WORKLOADS.get(name);
    if (setUp == null) {
      throw new IllegalArgumentException("no workload " + name);
    }
    return setUp.get();
  }
}
