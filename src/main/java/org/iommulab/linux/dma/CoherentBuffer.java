package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.uapi.Status;

/**
 * What {@code dma_alloc_coherent()} gave back.
 *
 * @param cpuAddress kernel address of the buffer
 * @param handle where the device finds it, or {@link DmaMapping#ERROR}
 * @param frames physical addresses of its pages, in order
 * @param status the check that failed
 */
public record CoherentBuffer(long cpuAddress, long handle, List<Long> frames, Status status) {

  public CoherentBuffer {
    frames = List.copyOf(frames);
  }

  static CoherentBuffer fail(Status status) {
    return new CoherentBuffer(0, DmaMapping.ERROR, List.of(), status);
  }
}
