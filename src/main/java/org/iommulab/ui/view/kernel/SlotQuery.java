package org.iommulab.ui.view.kernel;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.swiotlb.SwiotlbView;
import org.iommulab.linux.swiotlb.SwiotlbView.Slot;

/** Sums up the slots of the bounce pool. */
final class SlotQuery {

  /** Slots of a segment; no mapping crosses one. */
  static final int SEGMENT = 128;

  private SlotQuery() {}

  static Detail.Slots of(SwiotlbView pool) {
    var segments = new ArrayList<Integer>();
    for (int from = 0; from < pool.slots().size(); from += SEGMENT) {
      int end = Math.min(pool.slots().size(), from + SEGMENT);
      segments.add(
          (int) pool.slots().subList(from, end).stream().filter(slot -> slot.list() == 0).count());
    }
    int areaSlots = pool.areas().isEmpty() ? pool.total() : pool.areas().getFirst().slots();
    return new Detail.Slots(
        pool.start(),
        pool.end(),
        pool.total(),
        pool.used(),
        segments,
        Math.max(1, areaSlots / SEGMENT),
        bounces(pool));
  }

  /** Neighbouring slots belong together while the bytes left shrink by a slot each. */
  private static List<Detail.Bounce> bounces(SwiotlbView pool) {
    var bounces = new ArrayList<Detail.Bounce>();
    long slotBytes = pool.total() == 0 ? 1 : (pool.end() - pool.start()) / pool.total();
    List<Slot> slots = pool.slots();
    for (int i = 0; i < slots.size(); i++) {
      Slot first = slots.get(i);
      if (first.list() != 0 || first.allocated() == 0) {
        continue;
      }
      int count = 1;
      while (i + count < slots.size()
          && slots.get(i + count).list() == 0
          && slots.get(i + count).allocated() > 0
          && slots.get(i + count).allocated() < slots.get(i + count - 1).allocated()) {
        count++;
      }
      bounces.add(
          new Detail.Bounce(
              first.index(),
              count,
              pool.start() + first.index() * slotBytes,
              first.original(),
              first.allocated()));
      i += count - 1;
    }
    return bounces;
  }
}
