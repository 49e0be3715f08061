package org.iommulab.linux.vfio;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The mappings of a container by IOVA ({@code dma_list}); none overlaps another. */
final class DmaTree {

  private final TreeMap<Long, VfioDma> byIova = new TreeMap<>(Long::compareUnsigned);

  /** All mappings, ascending. */
  Collection<VfioDma> all() {
    return byIova.values();
  }

  /** All mappings as they are now, for changes while going through them. */
  List<VfioDma> snapshot() {
    return List.copyOf(byIova.values());
  }

  void add(VfioDma dma) {
    byIova.put(dma.iova(), dma);
  }

  void remove(VfioDma dma) {
    byIova.remove(dma.iova());
  }

  /** Mappings that touch {@code start} to {@code last}, ascending. */
  Collection<VfioDma> in(long start, long last) {
    Map.Entry<Long, VfioDma> before = byIova.floorEntry(start);
    boolean reaches =
        before != null && Long.compareUnsigned(before.getValue().end() - 1, start) >= 0;
    return byIova.subMap(reaches ? before.getKey() : start, true, last, true).values();
  }

  /** The mapping at an address ({@code vfio_find_dma()}), or null. */
  @Nullable VfioDma at(long iova) {
    for (VfioDma dma : in(iova, iova)) {
      return dma;
    }
    return null;
  }

  /** Tells whether a border of {@code start} to {@code last} lies inside a mapping. */
  boolean cuts(long start, long last) {
    VfioDma first = at(start);
    VfioDma tail = at(last);
    return (first != null && first.iova() != start) || (tail != null && tail.end() != last + 1);
  }
}
