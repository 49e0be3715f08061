package org.iommulab.vtd.translate;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.jspecify.annotations.Nullable;

/**
 * Memory as the unit's reads of its structures see it: with ECAP.C or snooped walks they look into
 * the processor's caches, without they see what has reached memory. Source: vtd.md 1.3, 2.6.
 */
public final class TableMemory {

  private final PhysicalMemory memory;
  private final boolean coherent;

  public TableMemory(UnitConfiguration configuration, PhysicalMemory memory) {
    this.memory = memory;
    coherent = configuration.capabilities().has(ExtendedCapabilityLayout.C);
  }

  /** A frame of root, context, PASID or interrupt tables; null if there is no memory. */
  public long @Nullable [] frame(long pfn) {
    return memory.frame(pfn, coherent);
  }

  /** A frame of paging tables; null if there is no memory. */
  public long @Nullable [] frame(long pfn, boolean snooped) {
    return memory.frame(pfn, snooped);
  }

  /** Stores a quadword of a table; false if the memory does not take it. */
  boolean store(long address, long value) {
    long[] frame = memory.frameForWrite(address >>> 12);
    if (frame == null) {
      return false;
    }
    frame[(int) (address >>> 3) & PhysicalMemory.FRAME_QUADWORDS - 1] = value;
    memory.arrived(address, 8);
    return true;
  }
}
