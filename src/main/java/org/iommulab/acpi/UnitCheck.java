package org.iommulab.acpi;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** What is odd about the remapping units of a table. */
final class UnitCheck {

  private static final int LARGEST_WINDOW = 15;

  private final Dmar dmar;
  private final Findings findings;

  UnitCheck(Dmar dmar, Findings findings) {
    this.dmar = dmar;
    this.findings = findings;
  }

  void run() {
    findings.when(dmar.units().isEmpty(), "The table lists no remapping unit (DRHD).");
    Set<Long> bases = new HashSet<>();
    Map<Integer, Long> catchAll = new HashMap<>();
    for (DmarStructure.Drhd unit : dmar.units()) {
      place(unit);
      findings.when(!bases.add(unit.base()), "Two units have their registers at %x.", unit.base());
      turn(unit, catchAll.get(unit.segment()));
      if (unit.includesAll()) {
        catchAll.putIfAbsent(unit.segment(), unit.base());
      }
      scope(unit);
    }
    windows();
  }

  private void place(DmarStructure.Drhd unit) {
    boolean unset = unit.base() == 0 || unit.base() == -1;
    findings.when(
        unset, "A remapping unit has its registers at %x: firmware left it unset.", unit.base());
    findings.when(
        !unset && !Page.isWhole(unit.base()),
        "The registers of the unit at %x do not start at a page.",
        unit.base());
    int width = dmar.hostAddressWidth();
    findings.when(
        !unset && width < 64 && unit.base() >>> width != 0,
        "The registers of the unit at %x lie beyond the %d bits of a physical address.",
        unit.base(),
        width);
    findings.when(
        (unit.size() & ~LARGEST_WINDOW) != 0,
        "The unit at %x has reserved bits set in its size, %02x.",
        unit.base(),
        unit.size());
    findings.when(
        (unit.flags() & ~1) != 0,
        "The unit at %x has reserved flags set, %02x.",
        unit.base(),
        unit.flags());
  }

  private void turn(DmarStructure.Drhd unit, @Nullable Long earlierCatchAll) {
    if (earlierCatchAll == null) {
      return;
    }
    findings.when(
        !unit.includesAll(),
        "The unit at %x comes after the one that includes all other devices of segment %d.",
        unit.base(),
        unit.segment());
    findings.when(
        unit.includesAll(),
        "The units at %x and %x both include all other devices of segment %d.",
        earlierCatchAll,
        unit.base(),
        unit.segment());
  }

  private void scope(DmarStructure.Drhd unit) {
    findings.when(
        !unit.includesAll() && unit.scopes().isEmpty(),
        "The unit at %x lists no device and does not include all others.",
        unit.base());
    findings.when(
        unit.includesAll() && unit.scopes().stream().anyMatch(DeviceScope::isPci),
        "The unit at %x includes all other devices and lists some besides, which adds nothing.",
        unit.base());
  }

  private void windows() {
    for (int i = 0; i < dmar.units().size(); i++) {
      DmarStructure.Drhd unit = dmar.units().get(i);
      for (DmarStructure.Drhd other : dmar.units().subList(0, i)) {
        boolean overlap =
            unit.base() != other.base()
                && unit.base() < other.base() + other.windowBytes()
                && other.base() < unit.base() + unit.windowBytes();
        findings.when(
            overlap,
            "The register windows of the units at %x and %x overlap.",
            other.base(),
            unit.base());
      }
    }
  }
}
