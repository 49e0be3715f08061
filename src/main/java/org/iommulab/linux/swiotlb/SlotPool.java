package org.iommulab.linux.swiotlb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The slots of a pool and who has them. {@code list[i]} is the number of free slots from slot
 * {@code i} to the end of its segment, 0 if it is taken; no mapping crosses a segment.
 *
 * <pre>
 *   free segment   128 127 126 125 ...
 *   slots 0-2 taken  0   0   0 125 ...
 * </pre>
 */
final class SlotPool {

  /** log2 of a slot's bytes. */
  static final int SHIFT = 11;

  /** Bytes in a slot. */
  static final int BYTES = 1 << SHIFT;

  /** Slots in a segment. */
  static final int SEGMENT = 128;

  static final long NO_ADDRESS = -1;

  private final long start;
  private final boolean onlyOnce;
  private final int slabs;
  private final int areaSlabs;
  private final int[] list;
  private final long[] original;
  private final long[] allocated;
  private final int[] padding;
  private final int[] offset;
  private final int[] areaIndex;
  private final int[] areaUsed;

  /**
   * @param start physical address of the first slot
   * @param onlyOnce it serves a single mapping
   */
  SlotPool(long start, int slabs, int areas, boolean onlyOnce) {
    this.start = start;
    this.onlyOnce = onlyOnce;
    this.slabs = slabs;
    areaSlabs = slabs / areas;
    list = new int[slabs];
    for (int i = 0; i < slabs; i++) {
      list[i] = Math.min(SEGMENT - i % SEGMENT, slabs - i);
    }
    original = new long[slabs];
    Arrays.fill(original, NO_ADDRESS);
    allocated = new long[slabs];
    padding = new int[slabs];
    offset = new int[slabs];
    areaIndex = new int[areas];
    areaUsed = new int[areas];
  }

  long start() {
    return start;
  }

  long end() {
    return start + ((long) slabs << SHIFT);
  }

  int slabs() {
    return slabs;
  }

  int areas() {
    return areaUsed.length;
  }

  /** It serves a single mapping. */
  boolean isTransient() {
    return onlyOnce;
  }

  int used() {
    return Arrays.stream(areaUsed).sum();
  }

  long original(int slot) {
    return original[slot];
  }

  /** Bytes of the mapping from this slot on, 0 if it is free. */
  long allocated(int slot) {
    return allocated[slot];
  }

  int padding(int slot) {
    return padding[slot];
  }

  /** Where in this slot the bytes begin that {@link #original} names. */
  int offset(int slot) {
    return offset[slot];
  }

  int slotOf(long address) {
    return (int) ((address - start) >>> SHIFT);
  }

  long addressOf(int slot) {
    return start + ((long) slot << SHIFT);
  }

  static int slotsFor(long bytes) {
    return (int) Math.min((bytes + BYTES - 1) >>> SHIFT, Integer.MAX_VALUE);
  }

  /**
   * Takes neighbouring free slots of an area.
   *
   * @param size bytes
   * @param alignMask multiples on which the first slot begins, minus one
   * @return the first slot, -1 if there is no such run
   */
  int take(int area, Bounce request, long size, long alignMask) {
    long boundary = request.segmentBoundary();
    long align = alignMask;
    long keep = request.minAlignMask();
    if (align == 0 && keep == 0 && size >= 4096) {
      align = 4095;
    }
    align |= BYTES - 1;
    keep &= ~align;
    int stride = (int) ((Math.max(align, keep) >>> SHIFT) + 1);
    int wanted = slotsFor(size);
    if (wanted > areaSlabs - areaUsed[area]) {
      return -1;
    }
    long busStart = start & boundary;
    long boundarySlots = (boundary >>> SHIFT) + 1;
    int base = area * areaSlabs;
    int index = areaIndex[area];
    for (int checked = 0; checked < areaSlabs; ) {
      int slot = base + index;
      long address = busStart + ((long) slot << SHIFT);
      boolean misplaced =
          (address & align) != 0
              || (request.original() != 0 && ((address ^ request.original()) & keep) != 0);
      if (!misplaced
          && !spansBoundary(slot, wanted, slotsFor(busStart), boundarySlots)
          && list[slot] >= wanted) {
        occupy(area, slot, wanted, size, request.original() & request.minAlignMask());
        return slot;
      }
      int step = misplaced ? 1 : stride;
      index = wrap(index + step);
      checked += step;
    }
    return -1;
  }

  private static boolean spansBoundary(int slot, int count, long shift, long boundarySlots) {
    return ((shift + slot) & (boundarySlots - 1)) + count > boundarySlots;
  }

  private int wrap(int index) {
    return index >= areaSlabs ? 0 : index;
  }

  private void occupy(int area, int first, int count, long size, long preserved) {
    int inSlot = (int) preserved & (BYTES - 1);
    for (int slot = first; slot < first + count; slot++) {
      list[slot] = 0;
      offset[slot] = inSlot;
      allocated[slot] = size - (inSlot + ((long) (slot - first) << SHIFT));
    }
    recount(first - 1, 0);
    areaIndex[area] = wrap(first - area * areaSlabs + count);
    areaUsed[area] += count;
  }

  /** Counts anew downwards from a slot, as far as its segment is free. */
  private void recount(int from, int countAbove) {
    int count = countAbove;
    for (int slot = from; slot >= 0 && slot % SEGMENT != SEGMENT - 1 && list[slot] != 0; slot--) {
      list[slot] = ++count;
    }
  }

  /** Notes which bytes of the buffer each slot stands for. */
  void remember(int first, int pad, int count, long address) {
    padding[first + pad] = pad;
    for (int i = 0; i < count - pad; i++) {
      original[first + pad + i] = address + ((long) i << SHIFT);
    }
  }

  /** Frees a whole mapping of {@code count} slots. */
  void release(int mapped, int count) {
    int first = mapped - padding[mapped];
    padding[mapped] = 0;
    int end = first + count;
    int free = end % SEGMENT != 0 && end < slabs ? list[end] : 0;
    for (int slot = end - 1; slot >= first; slot--) {
      list[slot] = ++free;
      original[slot] = NO_ADDRESS;
      allocated[slot] = 0;
      offset[slot] = 0;
    }
    recount(first - 1, free);
    areaUsed[first / areaSlabs] -= count;
  }

  List<SwiotlbView.Area> areaViews() {
    var views = new ArrayList<SwiotlbView.Area>();
    for (int area = 0; area < areaUsed.length; area++) {
      views.add(new SwiotlbView.Area(area * areaSlabs, areaSlabs, areaUsed[area], areaIndex[area]));
    }
    return views;
  }

  List<SwiotlbView.Slot> slotViews() {
    var views = new ArrayList<SwiotlbView.Slot>(slabs);
    for (int slot = 0; slot < slabs; slot++) {
      views.add(new SwiotlbView.Slot(slot, list[slot], original[slot], allocated[slot]));
    }
    return views;
  }
}
