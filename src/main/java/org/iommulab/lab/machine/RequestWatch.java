package org.iommulab.lab.machine;

import org.iommulab.bus.DmaAccess;

/** Somebody who is told of every piece of DMA and what became of it. */
@FunctionalInterface
public interface RequestWatch {

  /** A device's request was answered. */
  void answered(DmaAccess access, DmaOutcome.Chunk chunk);
}
