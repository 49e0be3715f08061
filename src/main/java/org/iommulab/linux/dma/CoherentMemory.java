package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.uapi.Status;

/**
 * Allocated and mapped memory.
 *
 * @param pages what it consists of
 * @param handle where the device finds it
 * @param remapped the CPU needs a range of its own for it, because the pages are scattered
 * @param status why there is none
 */
record CoherentMemory(CoherentPages pages, long handle, boolean remapped, Status status) {

  static CoherentMemory fail(Status status) {
    return new CoherentMemory(
        new CoherentPages(List.of(), 0, status), DmaMapping.ERROR, false, status);
  }
}
