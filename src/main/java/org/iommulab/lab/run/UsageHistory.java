package org.iommulab.lab.run;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.machine.Machine;
import org.iommulab.vtd.RemappingUnit;

/**
 * What the units had counted after each command that moved a counter. Bounded: when it is full,
 * every second sample goes, so that the whole past stays on show at half the detail.
 */
final class UsageHistory {

  /** Most samples kept; more points than a chart on a wide screen can tell apart. */
  static final int CAPACITY = 512;

  private final List<UsageSample> samples = new ArrayList<>();

  void note(Machine machine, int command, long timeNs) {
    var now =
        new UsageSample(
            command, timeNs, machine.units().stream().map(RemappingUnit::counters).toList());
    if (!samples.isEmpty() && samples.getLast().units().equals(now.units())) {
      return;
    }
    if (samples.size() == CAPACITY) {
      for (int i = CAPACITY - 2; i >= 0; i -= 2) {
        samples.remove(i);
      }
    }
    samples.add(now);
  }

  /** From power-on to now. */
  List<UsageSample> samples() {
    return List.copyOf(samples);
  }
}
