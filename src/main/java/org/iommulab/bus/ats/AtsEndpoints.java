package org.iommulab.bus.ats;

import org.iommulab.bus.SourceId;
import org.jspecify.annotations.Nullable;

/** The endpoints below a remapping unit. */
@FunctionalInterface
public interface AtsEndpoints {

  /** No device speaks ATS. */
  AtsEndpoints NONE = source -> null;

  /** The endpoint with that requester id, or null if there is none that speaks ATS. */
  @Nullable AtsEndpoint endpoint(SourceId source);
}
