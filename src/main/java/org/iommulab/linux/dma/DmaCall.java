package org.iommulab.linux.dma;

import java.util.Map;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * What a DMA function called by its name gave back.
 *
 * @param problem the arguments do not fit, in one phrase; null if the function ran
 * @param ret its return value, -1 if it failed
 * @param status the check that failed
 * @param out what it returned besides
 */
public record DmaCall(@Nullable String problem, long ret, Status status, Map<String, Object> out) {

  public DmaCall {
    out = Map.copyOf(out);
  }

  static DmaCall misuse(String problem) {
    return new DmaCall(problem, -1, Status.OK, Map.of());
  }

  static DmaCall value(long ret, Map<String, Object> out) {
    return new DmaCall(null, ret, Status.OK, out);
  }

  static DmaCall of(Status status) {
    return new DmaCall(null, status.failed() ? -1 : 0, status, Map.of());
  }

  static DmaCall of(DmaMapping mapping) {
    return mapping.failed()
        ? of(mapping.status())
        : value(mapping.address(), Map.of("dma_addr", mapping.address()));
  }
}
