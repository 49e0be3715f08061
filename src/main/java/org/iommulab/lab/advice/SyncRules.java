package org.iommulab.lab.advice;

import java.util.List;
import java.util.Optional;
import org.iommulab.linux.swiotlb.DmaDirection;

/** What is synced, and which way: K09 to K11, and K07 for lists. */
final class SyncRules {

  private final Mappings mappings;
  private final ReleaseRules releases;

  SyncRules(Mappings mappings, ReleaseRules releases) {
    this.mappings = mappings;
    this.releases = releases;
  }

  /** K09, K11: the bytes lie in one mapping of the device. */
  void synced(DmaCall call, boolean forDevice) {
    long address = call.address();
    long size = call.size();
    Optional<Live> holding = mappings.holding(call.device().source(), address);
    if (holding.isEmpty()) {
      releases.missing(call, address, "K11");
      return;
    }
    Live mapping = holding.get();
    Live.Piece piece =
        mapping.pieces.stream().filter(p -> p.holds(address)).findFirst().orElseThrow();
    if (address + size > piece.address() + piece.size()) {
      call.step()
          .raise(
              "K09",
              mapping,
              List.of(),
              Digits.bare(address),
              Digits.bare(address + size - 1),
              Digits.bare(piece.address()),
              Digits.bare(piece.address() + piece.size() - 1));
    }
    way(call, mapping, forDevice);
  }

  void syncedList(DmaCall call, boolean forDevice) {
    Optional<Live> holding = mappings.holding(call.device().source(), call.address());
    if (holding.isEmpty()) {
      releases.missing(call, call.address(), "K11");
    } else {
      ReleaseRules.counted(call.step(), holding.get());
      way(call, holding.get(), forDevice);
    }
  }

  /** K10: the direction is the mapping's, and something moves that way. */
  private static void way(DmaCall call, Live mapping, boolean forDevice) {
    DmaDirection direction = call.direction();
    boolean wrong =
        mapping.direction != DmaDirection.DMA_BIDIRECTIONAL
            && (direction != mapping.direction
                || !forDevice && mapping.direction == DmaDirection.DMA_TO_DEVICE);
    if (wrong) {
      call.step()
          .raise(
              "K10",
              mapping,
              List.of(),
              Digits.bare(mapping.address),
              mapping.direction,
              call.step().function(),
              direction);
    }
    mapping.forCpu = !forDevice;
    if (!forDevice) {
      mapping.deviceWrote = false;
    }
  }
}
