package org.iommulab.linux.dma;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scatter lists that are mapped, by device and the address of their first segment. */
final class ScatterLists {

  private record Key(DmaDevice device, long address) {}

  private final Map<Key, List<SgMapping.Segment>> mapped = new HashMap<>();

  void add(DmaDevice device, List<SgMapping.Segment> segments) {
    if (!segments.isEmpty()) {
      mapped.put(new Key(device, segments.getFirst().address()), segments);
    }
  }

  void remove(DmaDevice device, List<SgMapping.Segment> segments) {
    if (!segments.isEmpty()) {
      mapped.remove(new Key(device, segments.getFirst().address()));
    }
  }

  /** The segments of one; empty if there is none. */
  List<SgMapping.Segment> find(DmaDevice device, long address) {
    return mapped.getOrDefault(new Key(device, address), List.of());
  }
}
