package org.iommulab.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures workloads by name. Each family of them is a list: first the one of {@code limit.c}, in
 * its order, then those that have no counterpart in C.
 */
public final class Benchmark {

  private static final Map<String, Workload.Named> WORKLOADS = new LinkedHashMap<>();

  static {
    Stream.of(LimitWorkloads.ALL, UnitWorkloads.ALL, KernelWorkloads.ALL)
        .flatMap(List::stream)
        .forEach(workload -> WORKLOADS.put(workload.name(), workload));
  }

  private Benchmark() {}

  /** Names for {@link #measure}, in the order to measure them. */
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
    Workload.Named workload = WORKLOADS.get(name);
    if (workload == null) {
      throw new IllegalArgumentException("no workload " + name);
    }
    return workload.setUp().get();
  }
}
