package org.iommulab.linux.swiotlb;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.iommulab.linux.time.Timers;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * All pools: the one of boot, those that were added because it was full, and transient ones that
 * serve a single mapping ({@code CONFIG_SWIOTLB_DYNAMIC}).
 */
final class Pools {

  /** What growing needs. */
  record Growth(PoolMemory memory, Timers timers, long highest) {}

  private final List<SlotPool> pools = new ArrayList<>();
  private final CallTrace trace;
  private final Consumer<String> log;
  private @Nullable Growth growth;
  private boolean growing;

  Pools(CallTrace trace, Consumer<String> log) {
    this.trace = trace;
    this.log = log;
  }

  void start(SlotPool first) {
    pools.clear();
    pools.add(first);
  }

  void allowGrowth(Growth means) {
    growth = means;
  }

  void clear() {
    pools.clear();
  }

  boolean isEmpty() {
    return pools.isEmpty();
  }

  SlotPool first() {
    return pools.getFirst();
  }

  List<SlotPool> all() {
    return pools;
  }

  /** The pool that an address lies in, null if it is in none. */
  @Nullable SlotPool of(long address) {
    for (SlotPool pool : pools) {
      if (address >= pool.start() && address < pool.end()) {
        return pool;
      }
    }
    return null;
  }

  int slabs() {
    int slabs = 0;
    for (SlotPool pool : pools) {
      slabs += pool.isTransient() ? 0 : pool.slabs();
    }
    return slabs;
  }

  int used() {
    int used = 0;
    for (SlotPool pool : pools) {
      used += pool.used();
    }
    return used;
  }

  // ---- growing ----------------------------------------------------------------------------------

  /** Every pool is full: more is asked for in the background, and a transient pool serves now. */
  @Nullable SlotPool grow(long size, long highest) {
    Growth means = growth;
    if (means == null) {
      return null;
    }
    if (!growing) {
      growing = true;
      means.timers().after(0, this::dynAlloc);
    }
    int slabs = SlotPool.slotsFor(size + SlotPool.BYTES - 1 & -SlotPool.BYTES);
    SlotPool made = allocate(means, pageMultiple(slabs), 1, lower(highest, means.highest()), true);
    if (made != null) {
      pools.add(made);
    }
    return made;
  }

  private static int pageMultiple(int slabs) {
    return slabs + 1 & -2;
  }

  private static long lower(long one, long other) {
    return Long.compareUnsigned(one, other) < 0 ? one : other;
  }

  /** {@code swiotlb_dyn_alloc()}: another pool like the first, or a smaller one. */
  private void dynAlloc() {
    growing = false;
    Growth means = growth;
    if (means == null || pools.isEmpty()) {
      return;
    }
    int wanted = Math.max(first().slabs(), SwiotlbOptions.LEAST_SLABS);
    for (int slabs = wanted; slabs >= SwiotlbOptions.LEAST_SLABS; slabs /= 2) {
      int areas = Math.max(1, Math.min(first().areas(), slabs / SlotPool.SEGMENT));
      SlotPool made = allocate(means, slabs, areas, means.highest(), false);
      if (made != null) {
        pools.add(made);
        return;
      }
    }
    log.accept("software IO TLB: Failed to allocate new pool");
  }

  private @Nullable SlotPool allocate(
      Growth means, int slabs, int areas, long highest, boolean onlyOnce) {
    if (trace.isOn()) {
      trace
          .enter("swiotlb_alloc_pool")
          .number("nslabs", slabs)
          .number("nareas", areas)
          .hex("phys_limit", highest);
    }
    long start = means.memory().allocate((long) slabs * SlotPool.BYTES, highest);
    SlotPool made =
        start == Swiotlb.NO_ADDRESS ? null : new SlotPool(start, slabs, areas, onlyOnce);
    if (trace.isOn()) {
      if (made == null) {
        trace.fail("ENOMEM", "no block of that size below the limit");
      } else {
        trace.leave("0x" + Long.toHexString(start));
      }
    }
    return made;
  }

  /** {@code swiotlb_del_transient()}: a pool for one mapping goes with it. */
  void released(SlotPool pool) {
    Growth means = growth;
    if (pool.isTransient() && means != null) {
      if (trace.isOn()) {
        trace.enter("swiotlb_del_transient");
        trace.leave();
      }
      pools.remove(pool);
      means.memory().free(pool.start(), pool.end() - pool.start());
    }
  }
}
