package org.iommulab.qemu;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.iommulab.vtd.config.UnitConfiguration;

/**
 * What a guest is made of.
 *
 * @param ram bytes of RAM
 * @param hugePages its RAM comes in pages of 2 MiB
 * @param unit the VT-d unit it sees, if any
 * @param clock virtual time in nanoseconds
 */
public record GuestOptions(
    long ram, boolean hugePages, Optional<UnitConfiguration> unit, LongSupplier clock) {

  /** Least RAM a guest can have. */
  public static final long LEAST_RAM = 2L << 20;

  public GuestOptions {
    if (ram < LEAST_RAM || ram % LEAST_RAM != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a guest has RAM in multiples of 2 MiB, not %d bytes", ram));
    }
  }
}
