package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Status;

/**
 * How {@code map_pages} ended.
 *
 * @param status OK if all was mapped
 * @param mapped bytes that were mapped before it failed
 */
public record MapResult(Status status, long mapped) {

  /** All was mapped. */
  public static final MapResult DONE = new MapResult(Status.OK, 0);

  /** All or nothing was mapped. */
  public static MapResult of(Status status) {
    return status.failed() ? new MapResult(status, 0) : DONE;
  }

  /** Tells whether something was not mapped. */
  public boolean failed() {
    return status.failed();
  }
}
