package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.linux.swiotlb.DmaDirection;

/** Whether mappings are as wide and as many as their use: T06, T19. */
final class UseRules {

  private static final int MOST_UNMAPS = 32;

  private boolean strict;
  private int unmapsInRow;

  void booted(String cmdline) {
    strict = cmdline.contains("strict=1") || cmdline.contains("=strict");
  }

  /** Anything else than maps, unmaps and buffers ends a row of unmaps. */
  void called(String function) {
    boolean maps = function.startsWith("dma_map") || function.startsWith("k");
    if (!maps && !function.startsWith("dma_unmap")) {
      unmapsInRow = 0;
    }
  }

  void requested() {
    unmapsInRow = 0;
  }

  /** T06: it was allowed both, and did only one. */
  void released(Step step, Live mapping) {
    boolean only = mapping.deviceRead != mapping.deviceWrote;
    boolean both = mapping.direction == DmaDirection.DMA_BIDIRECTIONAL;
    boolean received = mapping.direction == DmaDirection.DMA_FROM_DEVICE;
    if (both && only || received && mapping.deviceRead && !mapping.deviceWrote) {
      step.raise(
          "T06",
          mapping.address,
          List.of(Evidence.command(mapping.step)),
          List.of(),
          Digits.bare(mapping.address),
          mapping.direction,
          mapping.device.name(),
          (mapping.deviceRead ? Wording.READS : Wording.WRITES).with());
    }
  }

  /** T19: one flush for each of many unmaps in a row. */
  void flushed(Step step) {
    unmapsInRow++;
    if (strict && unmapsInRow > MOST_UNMAPS) {
      step.raise("T19", "row", List.of(Evidence.command(step.number())), List.of(), unmapsInRow);
    }
  }
}
