package org.iommulab.linux.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Event counters of real programs that our kernel holds: those it adds to, and those that somebody
 * else adds to. What is added comes behind what devices wrote to memory, as on a bus.
 */
final class Doorbells {

  private final World world;
  private final List<Integer> due = new ArrayList<>();
  private final Map<Integer, Runnable> watched = new HashMap<>();

  Doorbells(World world) {
    this.world = world;
  }

  /** Adds 1 to a counter, once the memory of this request is written. */
  void ring(int copy) {
    due.add(copy);
  }

  /** The memory is written. */
  void send() {
    due.forEach(world::signal);
    due.clear();
  }

  /** Has an action carried out when somebody adds to a counter. */
  void watch(int copy, Runnable action) {
    watched.put(copy, action);
    world.watch(copy);
  }

  /** Somebody has added to a counter. */
  void rang(int copy) {
    Runnable action = watched.get(copy);
    if (action != null) {
      action.run();
    }
  }

  /** Gives a counter back. */
  void release(int copy) {
    while (due.remove(Integer.valueOf(copy))) {
      world.signal(copy);
    }
    watched.remove(copy);
    world.release(copy);
  }
}
