package org.iommulab.linux;

import java.util.Map;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel function called by name gave back.
 *
 * @param known there is such a function and its arguments fit; otherwise {@code cause} says what is
 *     wrong
 * @param ret the return value, -1 if it failed
 * @param errno why it failed, or null
 * @param cause the check that failed, or null
 * @param out values it returned beside {@code ret}
 */
public record CallOutcome(
    boolean known,
    long ret,
    @Nullable Errno errno,
    @Nullable String cause,
    Map<String, Object> out) {

  public CallOutcome {
    out = Map.copyOf(out);
  }

  /** No such function. */
  public static CallOutcome unknown(String function) {
    return new CallOutcome(
        false, -1, null, "the kernel has no function " + function + " to call", Map.of());
  }
}
