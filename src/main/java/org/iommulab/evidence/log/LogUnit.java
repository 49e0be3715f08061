package org.iommulab.evidence.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A remapping unit as a log shows it; what a cut log leaves out is null.
 *
 * @param line where it first appears
 * @param name such as {@code dmar0}; Xen numbers them
 * @param base address of the registers
 * @param version {@code major:minor}
 * @param cap CAP register
 * @param ecap ECAP register
 * @param flags of the DRHD record; bit 0: serves all devices not named elsewhere
 * @param scope what Xen lists under it
 */
public record LogUnit(
    long line,
    @Nullable String name,
    long base,
    @Nullable String version,
    @Nullable Long cap,
    @Nullable Long ecap,
    @Nullable Integer flags,
    List<String> scope) {

  public LogUnit {
    scope = List.copyOf(scope);
  }
}
