package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.uapi.Status;

/**
 * What {@code dma_map_sg()} gave back.
 *
 * @param segments where the device finds the data, in order; fewer than the entries if some could
 *     be joined, none if the mapping failed
 * @param status the check that failed
 */
public record SgMapping(List<Segment> segments, Status status) {

  /** One entry of a scatter list: physical address and bytes. */
  public record Entry(long phys, long length) {}

  /** A piece for the device: {@code sg_dma_address} and {@code sg_dma_len}. */
  public record Segment(long address, long length) {}

  public SgMapping {
    segments = List.copyOf(segments);
  }

  static SgMapping fail(Status status) {
    return new SgMapping(List.of(), status);
  }
}
