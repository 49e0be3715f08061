package org.iommulab.linux.intel;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.jspecify.annotations.Nullable;

/** Finds the unit that serves a device ({@code device_lookup_iommu()}). */
final class UnitLookup {

  private final List<IntelUnit> units;

  UnitLookup(List<IntelUnit> units) {
    this.units = List.copyOf(units);
  }

  /** The unit that lists the device or a bridge above it, else its segment's catch-all. */
  @Nullable IntelUnit unit(PciDevice device, List<PciDevice> all) {
    for (IntelUnit unit : units) {
      DmarFacts.Drhd drhd = unit.drhd();
      boolean near = drhd.segment() == device.sid().segment();
      if (near && !drhd.includeAll() && inScope(device, drhd.scope(), all)) {
        return unit;
      }
    }
    for (IntelUnit unit : units) {
      if (unit.drhd().segment() == device.sid().segment() && unit.drhd().includeAll()) {
        return unit;
      }
    }
    return null;
  }

  private static boolean inScope(PciDevice device, List<SourceId> scope, List<PciDevice> all) {
    SourceId physical = device.physicalFunction();
    if (scope.contains(device.sid()) || (physical != null && scope.contains(physical))) {
      return true;
    }
    SourceId bridge = device.bridge();
    for (PciDevice candidate : all) {
      if (candidate.sid().equals(bridge)) {
        return inScope(candidate, scope, all);
      }
    }
    return false;
  }
}
