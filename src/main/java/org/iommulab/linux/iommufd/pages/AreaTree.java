package org.iommulab.linux.iommufd.pages;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The areas of an IOVA space by address; they never overlap. */
public final class AreaTree {

  private final TreeMap<Long, IoptArea> areas = new TreeMap<>(Long::compareUnsigned);

  boolean isEmpty() {
    return areas.isEmpty();
  }

  /** All areas, ascending. */
  public Collection<IoptArea> all() {
    return areas.values();
  }

  /** Areas that touch a range, ascending. */
  public Collection<IoptArea> in(long start, long last) {
    Map.Entry<Long, IoptArea> before = areas.floorEntry(start);
    boolean reaches = before != null && Unsigned.atMost(start, before.getValue().last());
    return areas.subMap(reaches ? before.getKey() : start, true, last, true).values();
  }

  /** The lowest area that touches a range, or null. */
  @Nullable IoptArea first(long start, long last) {
    for (IoptArea area : in(start, last)) {
      return area;
    }
    return null;
  }

  void put(IoptArea area) {
    areas.put(area.start(), area);
  }

  void remove(IoptArea area) {
    areas.remove(area.start());
  }
}
