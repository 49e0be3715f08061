package org.iommulab.linux.swiotlb;

import java.util.function.IntSupplier;
import org.iommulab.trace.CallTrace;

/** Looks for free slots in a pool, the area of the running CPU first. */
final class SlotSearch {

  private final SwiotlbRules rules;
  private final CallTrace trace;
  private final IntSupplier currentCpu;

  SlotSearch(SwiotlbRules rules, CallTrace trace, IntSupplier currentCpu) {
    this.rules = rules;
    this.trace = trace;
    this.currentCpu = currentCpu;
  }

  /** Takes slots; the first of them, or -1 if no area has that many in a row. */
  int take(SlotPool slots, Bounce request, long size) {
    int start = currentCpu.getAsInt() & (slots.areas() - 1);
    int first = -1;
    for (int i = 0; i < slots.areas() && first < 0; i++) {
      first = searchArea(slots, (start + i) & (slots.areas() - 1), request, size);
    }
    return first;
  }

  private int searchArea(SlotPool slots, int area, Bounce request, long size) {
    boolean on = trace.isOn() && rules.areas();
    if (on) {
      trace
          .enter(rules.poolStructures() ? "swiotlb_search_pool_area" : "swiotlb_do_find_slots")
          .number("area_index", area)
          .number("alloc_size", size);
    }
    int first = slots.take(area, request, size, request.alignMask());
    if (on) {
      trace.leave(first < 0 ? "-1 (not found)" : "slot " + first);
    }
    return first;
  }
}
