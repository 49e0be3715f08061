package org.iommulab.linux.swiotlb;

import java.util.List;

/**
 * The pool at one moment.
 *
 * @param start physical address of the first slot
 * @param end first physical address behind the last slot
 * @param total slots, 0 without a pool
 * @param used slots in mappings
 * @param force every streaming mapping bounces
 * @param areas by number
 * @param slots by number
 * @param more pools that came after boot; {@code total} and {@code used} count them in
 */
public record SwiotlbView(
    long start,
    long end,
    int total,
    int used,
    boolean force,
    List<Area> areas,
    List<Slot> slots,
    List<More> more) {

  /**
   * A pool that came because the first was full.
   *
   * @param start physical address of its first slot
   * @param slots how many it has
   * @param used how many of them are in mappings
   * @param once it serves a single mapping and goes with it
   */
  public record More(long start, int slots, int used, boolean once) {}

  /**
   * A part of the pool with its own lock.
   *
   * @param firstSlot its first slot
   * @param slots how many it has
   * @param used how many of them are in mappings
   * @param next where the next search begins, counted from its first slot
   */
  public record Area(int firstSlot, int slots, int used, int next) {}

  /**
   * One slot of 2 KiB.
   *
   * @param index its number
   * @param list free slots from here to the end of the segment, 0 if taken
   * @param original physical address of the bytes it stands for, -1 if none
   * @param allocated bytes of the mapping from here on, 0 if free
   */
  public record Slot(int index, int list, long original, long allocated) {}

  public SwiotlbView {
    areas = List.copyOf(areas);
    slots = List.copyOf(slots);
    more = List.copyOf(more);
  }
}
