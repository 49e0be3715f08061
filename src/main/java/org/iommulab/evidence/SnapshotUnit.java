package org.iommulab.evidence;

import java.util.Optional;
import org.iommulab.vtd.tables.RegisterValues;

/**
 * A remapping unit of a snapshot.
 *
 * @param name the kernel's name, {@code dmar0} for the first one
 * @param base physical address of its registers, if anything says it
 * @param segment PCI segment, 0 if nothing says it
 * @param registers its registers
 * @param madeUp no text or page shows the registers: they only lead to the tables
 * @param found how its root table was found, if it had to be searched for
 */
public record SnapshotUnit(
    String name,
    Optional<Long> base,
    int segment,
    RegisterValues registers,
    boolean madeUp,
    Optional<FoundRoot> found) {

  /** Where the kernel counts its units from. */
  static String name(int index) {
    return "dmar" + index;
  }

  /** A unit whose registers are known. */
  static SnapshotUnit known(
      String name, Optional<Long> base, int segment, RegisterValues registers) {
    return new SnapshotUnit(name, base, segment, registers, false, Optional.empty());
  }
}
