package org.iommulab.linux.iova;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.iommulab.linux.mm.FailureInjection;

/**
 * Free ranges of one size, kept for the next caller: two magazines per CPU and a depot of full ones
 * for all. To the tree they are still allocated.
 */
final class Rcache {

  private final int order;
  private final IovaRules rules;
  private final FailureInjection failures;
  private final Magazine[] loaded;
  private final Magazine[] previous;
  private final Deque<Magazine> depot = new ArrayDeque<>();

  /** What became of a range that was put in. */
  enum Put {
    /** A magazine has it. */
    KEPT,
    /** The same, and a full magazine has gone to the depot. */
    DEPOT_GREW,
    /** There is no memory for another magazine. */
    REFUSED
  }

  Rcache(int order, IovaRules rules, int cpus, FailureInjection failures) {
    this.failures = failures;
    this.order = order;
    this.rules = rules;
    loaded = new Magazine[cpus];
    previous = new Magazine[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      loaded[cpu] = new Magazine(rules.magazineSize());
      previous[cpu] = new Magazine(rules.magazineSize());
    }
  }

  /**
   * Keeps a free range.
   *
   * @param overflow takes the page frame numbers of a magazine that the depot has no room for
   */
  Put put(int cpu, long pfn, LongConsumer overflow) {
    Put result = Put.KEPT;
    if (loaded[cpu].isFull()) {
      if (!previous[cpu].isFull()) {
        swap(cpu);
      } else {
        if (failures.fails("an IOVA magazine")) {
          return Put.REFUSED;
        }
        result = exchange(cpu, overflow);
      }
    }
    loaded[cpu].push(pfn);
    return result;
  }

  private Put exchange(int cpu, LongConsumer overflow) {
    if (depot.size() < rules.depotLimit()) {
      depot.push(loaded[cpu]);
      loaded[cpu] = new Magazine(rules.magazineSize());
      return Put.DEPOT_GREW;
    }
    loaded[cpu].stream().forEach(overflow);
    loaded[cpu].clear();
    return Put.KEPT;
  }

  private void swap(int cpu) {
    Magazine magazine = loaded[cpu];
    loaded[cpu] = previous[cpu];
    previous[cpu] = magazine;
  }

  /** Takes a range that begins at {@code limit} or below; 0 if this CPU sees none. */
  long get(int cpu, long limit) {
    if (loaded[cpu].isEmpty()) {
      if (!previous[cpu].isEmpty()) {
        swap(cpu);
      } else if (!depot.isEmpty()) {
        loaded[cpu] = depot.pop();
      } else {
        return 0;
      }
    }
    return loaded[cpu].pop(limit);
  }

  /** Takes one magazine out of a depot that has more than {@code keep}; false if it has not. */
  boolean trim(int keep, LongConsumer freed) {
    if (depot.size() <= keep) {
      return false;
    }
    depot.pop().stream().forEach(freed);
    return true;
  }

  /** Gives back what one CPU has. */
  void drainCpu(int cpu, LongConsumer freed) {
    for (Magazine magazine : List.of(loaded[cpu], previous[cpu])) {
      magazine.stream().forEach(freed);
      magazine.clear();
    }
  }

  /** Gives back what the depot has. */
  void drainDepot(LongConsumer freed) {
    while (trim(0, freed)) {
      // One magazine after another.
    }
  }

  /** Every page frame number in it. */
  LongStream stream() {
    LongStream all = LongStream.empty();
    for (int cpu = 0; cpu < loaded.length; cpu++) {
      all = LongStream.concat(all, LongStream.concat(loaded[cpu].stream(), previous[cpu].stream()));
    }
    return LongStream.concat(all, depot.stream().flatMapToLong(Magazine::stream));
  }

  /** Number of ranges in it. */
  int size() {
    int size = 0;
    for (int cpu = 0; cpu < loaded.length; cpu++) {
      size += loaded[cpu].size() + previous[cpu].size();
    }
    for (Magazine magazine : depot) {
      size += magazine.size();
    }
    return size;
  }

  IovaView.Cache view() {
    var cpus = new ArrayList<IovaView.CpuCache>();
    for (int cpu = 0; cpu < loaded.length; cpu++) {
      cpus.add(new IovaView.CpuCache(cpu, list(loaded[cpu]), list(previous[cpu])));
    }
    return new IovaView.Cache(
        order, rules.magazineSize(), cpus, depot.stream().map(Rcache::list).toList());
  }

  private static List<Long> list(Magazine magazine) {
    return magazine.stream().boxed().toList();
  }
}
