package org.iommulab.lab.run.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciDevice.Abilities;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.pci.PciDevice.Isolation;
import org.iommulab.memory.AddressRange;

/** What firmware and the buses show to a kernel of the laboratory's machine. */
final class PlatformOf {

  private final PciTopology topology;
  private final Machine machine;

  private PlatformOf(PciTopology topology, Machine machine) {
    this.topology = topology;
    this.machine = machine;
  }

  static Platform machine(RunState state) {
    MachineSpec spec = state.machine().spec();
    Map<Long, Mmio> mmio = new LinkedHashMap<>();
    for (int i = 0; i < spec.units().size(); i++) {
      mmio.put(spec.units().get(i).base(), state.machine().units().get(i));
    }
    var platform = new PlatformOf(spec.topology(), state.machine());
    return new Platform(
        state.machine().memory(),
        mmio,
        platform.facts(spec.dmar()),
        platform.functions(),
        state.trace(),
        state::timeNs);
  }

  // ---- DMAR ------------------------------------------------------------------------------------

  private DmarFacts facts(Dmar dmar) {
    var units = new ArrayList<DmarFacts.Drhd>();
    for (DmarStructure.Drhd unit : dmar.units()) {
      units.add(
          new DmarFacts.Drhd(
              unit.base(),
              unit.segment(),
              unit.includesAll(),
              targets(unit, unit.segment()),
              ioApics(unit)));
    }
    var reserved = new ArrayList<DmarFacts.Rmrr>();
    for (DmarStructure.Rmrr region : dmar.reservedMemory()) {
      var range = new AddressRange(region.base(), region.limit() + 1);
      reserved.add(new DmarFacts.Rmrr(range, targets(region, region.segment()), true));
    }
    List<Boolean> ports =
        dmar.structures().stream()
            .filter(DmarStructure.Atsr.class::isInstance)
            .map(atsr -> (((DmarStructure.Atsr) atsr).flags() & 1) != 0)
            .toList();
    return new DmarFacts(
        dmar.hostAddressWidth(),
        dmar.interruptRemapping(),
        (dmar.flags() & Dmar.X2APIC_OPT_OUT) != 0,
        true,
        (dmar.flags() & Dmar.PLATFORM_OPT_IN) != 0,
        units,
        reserved,
        ports);
  }

  private static List<Integer> ioApics(DmarStructure.Drhd unit) {
    return unit.scopes().stream()
        .filter(scope -> scope.type() == DeviceScope.IO_APIC)
        .map(DeviceScope::enumerationId)
        .toList();
  }

  private List<SourceId> targets(DmarStructure structure, int segment) {
    return structure.scopes().stream()
        .filter(DeviceScope::isPci)
        .flatMap(scope -> scope.target(segment, topology).stream())
        .toList();
  }

  // ---- enumeration -----------------------------------------------------------------------------

  private List<PciDevice> functions() {
    var found = new ArrayList<PciDevice>();
    topology.bridges().forEach(bridge -> found.add(bridge(bridge)));
    for (org.iommulab.bus.PciDevice device : topology.devices()) {
      if (device.kind().isPci()) {
        found.add(endpoint(device));
      }
    }
    found.sort(Comparator.comparing(PciDevice::sid));
    return found;
  }

  private PciDevice bridge(PciBridge bridge) {
    return function(bridge.source(), bridge.name(), PciDevice.Kind.BRIDGE, -1, Abilities.PLAIN);
  }

  private PciDevice endpoint(org.iommulab.bus.PciDevice device) {
    return function(
            device.source(),
            device.name(),
            switch (device.kind()) {
              case GPU -> PciDevice.Kind.DISPLAY;
              case USB_CONTROLLER -> PciDevice.Kind.USB;
              default -> PciDevice.Kind.ENDPOINT;
            },
            device.dmaMask(),
            device.abilities())
        .withFunction(machine.device(device.source()).orElse(null));
  }

  private PciDevice function(
      SourceId id, String name, PciDevice.Kind kind, long mask, Abilities abilities) {
    List<SourceId> ids = topology.requesters(id);
    return new PciDevice(
        id,
        name,
        kind,
        mask,
        ids.subList(1, ids.size()),
        topology.bridgeAbove(id).map(PciBridge::source).orElse(null),
        isolation(id),
        abilities.physicalFunction(),
        topology.isUntrusted(id),
        abilities.ats(),
        abilities.pri(),
        abilities.pasidBits(),
        null,
        List.of());
  }

  private Isolation isolation(SourceId id) {
    if (!topology.isPathIsolated(id)) {
      return Isolation.PATH;
    }
    return topology.sharesSlot(id) ? Isolation.SLOT : Isolation.FULL;
  }
}
