package org.iommulab.vtd;

import java.util.List;
import java.util.Optional;

/** The known kinds of units, by name. */
public final class Profiles {

  /** The architecture, without quirks. */
  public static final String SPEC = "spec";

  /** QEMU 7.2 with its documented deviations. */
  public static final String QEMU_7_2 = "qemu-7.2";

  /** Names for {@link #named(String)}. */
  public static List<String> names() {
    return List.of(SPEC, QEMU_7_2);
  }

  /** The profile with its own capabilities; empty if there is none of that name. */
  public static Optional<UnitConfiguration> named(String name) {
    return named(name, MachineOptions.DEFAULT);
  }

  /** The profile shaped by a machine line; empty if there is none of that name. */
  public static Optional<UnitConfiguration> named(String name, MachineOptions options) {
    return Optional.empty();
  }

  private Profiles() {}
}
