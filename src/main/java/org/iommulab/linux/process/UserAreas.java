package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** What of an address space is in use: areas by address, none over another. */
final class UserAreas {

  /** Behind the last byte a process can have. */
  static final long END = 0x7FFF_FFFF_F000L;

  private final TreeMap<Long, UserArea> byStart = new TreeMap<>();

  /** The area that holds an address, or null. */
  @Nullable UserArea at(long address) {
    Map.Entry<Long, UserArea> entry = byStart.floorEntry(address);
    return entry != null && address < entry.getValue().end() ? entry.getValue() : null;
  }

  /** Tells whether a range lies in the address space, whatever is there. */
  static boolean holds(long start, long length) {
    return start >= 0 && length >= 0 && length <= END && start <= END - length;
  }

  /** Tells whether something of a range that {@link #holds} is in use. */
  boolean overlaps(long start, long length) {
    Map.Entry<Long, UserArea> before = byStart.lowerEntry(start + length);
    return before != null && before.getValue().end() > start;
  }

  /**
   * The first place from {@code from} on where nothing is yet, also not where the process asked for
   * an address.
   *
   * @param align a power of two
   * @return its address, or -1 if there is no room
   */
  long vacant(long from, long length, long align) {
    long start = (from + align - 1) & -align;
    while (holds(start, length) && overlaps(start, length)) {
      start = (byStart.lowerEntry(start + length).getValue().end() + align - 1) & -align;
    }
    return holds(start, length) ? start : -1;
  }

  void add(UserArea area) {
    byStart.put(area.start(), area);
  }

  /** All, ascending. */
  Collection<UserArea> all() {
    return byStart.values();
  }

  /** What is left of the memory that was given in one go at that address. */
  List<UserArea> ofPiece(long start) {
    return byStart.tailMap(start, true).values().stream()
        .filter(area -> area.piece() == start)
        .toList();
  }

  /** What of a range is in use, as areas that end where the range ends. */
  List<UserArea> within(long start, long length) {
    var found = new ArrayList<UserArea>();
    UserArea first = at(start);
    long from = first == null ? start : first.start();
    for (UserArea area : byStart.subMap(from, start + length).values()) {
      found.add(part(area, Math.max(start, area.start()), Math.min(start + length, area.end())));
    }
    return found;
  }

  /**
   * Takes a range out; an area that reaches out of it keeps the rest.
   *
   * @return what was there, as areas that end where the range ends
   */
  List<UserArea> cut(long start, long length) {
    var taken = new ArrayList<UserArea>();
    long end = start + length;
    for (UserArea area = reaching(start, end); area != null; area = reaching(start, end)) {
      byStart.remove(area.start());
      long from = Math.max(start, area.start());
      long to = Math.min(end, area.end());
      keep(area, area.start(), from);
      keep(area, to, area.end());
      taken.addFirst(from == area.start() && to == area.end() ? area : part(area, from, to));
    }
    return taken;
  }

  private @Nullable UserArea reaching(long start, long end) {
    Map.Entry<Long, UserArea> before = byStart.lowerEntry(end);
    return before != null && before.getValue().end() > start ? before.getValue() : null;
  }

  private void keep(UserArea area, long from, long to) {
    if (from < to) {
      add(part(area, from, to));
    }
  }

  private static UserArea part(UserArea area, long from, long to) {
    return area.part(Page.number(from - area.start()), Page.number(to - from));
  }

  void clear() {
    byStart.clear();
  }
}
