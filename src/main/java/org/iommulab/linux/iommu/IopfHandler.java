package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Status;

/** Takes the page requests of devices attached to a domain ({@code domain->iopf_handler}). */
@FunctionalInterface
public interface IopfHandler {

  /**
   * Takes a complete group, to be answered now or later with {@link IopfGroup#respond}.
   *
   * @return a failure if it cannot; the caller then answers INVALID
   */
  Status handle(IopfGroup group);
}
