package org.iommulab.lab.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.RemappingUnit;
import org.jspecify.annotations.Nullable;

/** Where the requests of each function go: which id they carry, and which unit sees them. */
final class Routes {

  /**
   * One way.
   *
   * @param requester the id that the unit sees
   * @param unit the unit on the way, null if there is none
   */
  record Route(SourceId requester, @Nullable RemappingUnit unit) {}

  private final PciTopology topology;
  private final Dmar dmar;
  private final List<RemappingUnit> units;
  private final Map<SourceId, Route> routes = new HashMap<>();

  Routes(MachineSpec spec, List<RemappingUnit> units) {
    this.topology = spec.topology();
    this.dmar = spec.dmar();
    this.units = new ArrayList<>(units);
  }

  Route of(SourceId function) {
    return routes.computeIfAbsent(function, this::find);
  }

  private Route find(SourceId id) {
    SourceId function = owner(id);
    SourceId requester = topology.requester(function);
    boolean phantom = !id.equals(function) && requester.equals(function);
    return new Route(phantom ? id : requester, serving(function));
  }

  /** The device whose phantom or alias the id is, else the id itself. */
  private SourceId owner(SourceId id) {
    if (topology.device(id).isPresent()) {
      return id;
    }
    for (PciDevice device : topology.devices()) {
      if (device.abilities().phantoms().contains(id)) {
        return device.source();
      }
    }
    return id;
  }

  private @Nullable RemappingUnit serving(SourceId function) {
    List<DmarStructure.Drhd> listed = dmar.units();
    DmarStructure.Drhd found = dmar.unitFor(function, topology).orElse(null);
    for (int i = 0; i < listed.size(); i++) {
      if (listed.get(i) == found) {
        return units.get(i);
      }
    }
    return null;
  }
}
