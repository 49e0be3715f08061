package org.iommulab.linux.dma;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/**
 * What a map function gave back.
 *
 * @param address where the device finds the buffer, or {@link #ERROR}
 * @param status the check that failed
 */
public record DmaMapping(long address, Status status) {

  /** {@code DMA_MAPPING_ERROR}. */
  public static final long ERROR = -1;

  static DmaMapping at(long address) {
    return new DmaMapping(address, Status.OK);
  }

  static DmaMapping fail(Errno errno, String cause) {
    return new DmaMapping(ERROR, Status.fail(errno, cause));
  }

  static DmaMapping fail(Status status) {
    return new DmaMapping(ERROR, status);
  }

  /** {@code dma_mapping_error()}. */
  public boolean failed() {
    return status.failed();
  }
}
