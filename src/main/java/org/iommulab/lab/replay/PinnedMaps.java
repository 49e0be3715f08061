package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The maps of a log that the kernel had to look at: those of a container, which pins at once, and
 * those of an IOAS that had a page table for a device while the mapping was there. Without one an
 * IOAS takes any address.
 */
final class PinnedMaps {

  /** A mapping of an IOAS that is there. */
  private record Mapping(LoggedCall call, long ioas, long iova, long length) {}

  private final Set<LoggedCall> pinned = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Long> attached = new HashSet<>();
  private final List<Mapping> waiting = new ArrayList<>();

  private PinnedMaps() {}

  static Set<LoggedCall> of(List<LoggedCall> calls) {
    var maps = new PinnedMaps();
    calls.forEach(maps::take);
    return maps.pinned;
  }

  private void take(LoggedCall call) {
    switch (call.call()) {
      case "VFIO_IOMMU_MAP_DMA" -> pinned.add(call);
      case "IOMMU_IOAS_MAP" -> map(call);
      case "IOMMU_IOAS_UNMAP" -> unmap(call);
      case "VFIO_DEVICE_ATTACH_IOMMUFD_PT", "IOMMU_HWPT_ALLOC" -> attach(call);
      default -> {
        // Nothing else makes a page table.
      }
    }
  }

  private void map(LoggedCall call) {
    long ioas = call.number("ioas_id");
    // A refusal for want of memory or of rights comes from looking, too.
    if (attached.contains(ioas) || call.failed()) {
      pinned.add(call);
    } else {
      long iova =
          call.out().containsKey("iova")
              ? LoggedCall.numberOf(call.out().get("iova"))
              : call.number("iova");
      waiting.add(new Mapping(call, ioas, iova, call.number("length")));
    }
  }

  private void unmap(LoggedCall call) {
    long ioas = call.number("ioas_id");
    long first = call.number("iova");
    long last = first + call.number("length") - 1;
    if (!call.failed()) {
      waiting.removeIf(
          mapping ->
              mapping.ioas() == ioas
                  && Long.compareUnsigned(mapping.iova(), first) >= 0
                  && Long.compareUnsigned(mapping.iova(), last) <= 0);
    }
  }

  private void attach(LoggedCall call) {
    if (call.failed()) {
      return;
    }
    long ioas = call.number("pt_id");
    attached.add(ioas);
    for (Mapping mapping : List.copyOf(waiting)) {
      if (mapping.ioas() == ioas) {
        pinned.add(mapping.call());
        waiting.remove(mapping);
      }
    }
  }
}
