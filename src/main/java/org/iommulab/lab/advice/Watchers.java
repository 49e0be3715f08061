package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.machine.Machine;

/** Everybody who looks on, for one machine. */
final class Watchers {

  private Watchers() {}

  static List<Watcher> all(Machine machine) {
    var all = new ArrayList<Watcher>();
    for (int i = 0; i < machine.units().size(); i++) {
      all.add(new TableWatch(machine, i));
      all.add(new QueueWatch(machine, i));
      all.add(new PageRequestWatch(machine, i));
      all.add(new GlobalWatch(machine, i));
      all.add(new InterruptWatch(machine, i));
    }
    var mappings = new Mappings();
    var processes = new ProcessBooks();
    all.add(new UserWatch(processes));
    all.add(new FaultWatch(mappings, processes));
    all.add(new DmaWatch(mappings));
    all.add(new TrustWatch(machine));
    all.add(new DomainWatch(machine, mappings));
    return all;
  }
}
