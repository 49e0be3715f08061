package org.iommulab.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Measures workloads by name. Each family of them is a list: first the one of {@code limit.c}, in
 * its order, then those that have no counterpart in C.
 */
public final class Benchmark {

  private static final Map<String, Workload.Named> WORKLOADS = new LinkedHashMap<>();
  private static final Map<String, Supplier<List<Reading>>> WINDOW = new LinkedHashMap<>();

  static {
    Stream.of(LimitWorkloads.ALL, UnitWorkloads.ALL, KernelWorkloads.ALL)
        .flatMap(List::stream)
        .forEach(workload -> WORKLOADS.put(workload.name(), workload));
  }

  private Benchmark() {}

  /** Names for {@link #measure} and {@link #ofWindow}, in the order to measure them. */
  public static Set<String> names() {
    var names = new LinkedHashSet<>(WORKLOADS.keySet());
    names.addAll(WINDOW.keySet());
    return Collections.unmodifiableSet(names);
  }

  /** Adds a workload of a floor above, which nothing here may know; the application does. */
  public static void add(String name, Supplier<List<Reading>> measured) {
    WINDOW.put(name, measured);
  }

  /** Tells whether a workload is one of the window. */
  public static boolean isOfWindow(String name) {
    return WINDOW.containsKey(name);
  }

  /**
   * Measures a workload of the window.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static List<Reading> ofWindow(String name) {
    Supplier<List<Reading>> workload = WINDOW.get(name);
    if (workload == null) {
      throw new IllegalArgumentException("no workload " + name);
    }
    return workload.get();
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
