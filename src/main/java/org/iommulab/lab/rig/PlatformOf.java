package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.Mmio;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;

/** What firmware and the buses show to a kernel of the laboratory's machine. */
final class PlatformOf {

  private PlatformOf() {}

  static Platform machine(Rig rig) {
    MachineSpec spec = rig.machine.spec();
    Map<Long, Mmio> mmio = new LinkedHashMap<>();
    for (int i = 0; i < spec.units().size(); i++) {
      mmio.put(spec.units().get(i).base(), rig.machine.units().get(i));
    }
    return new Platform(
        rig.machine.memory(), mmio, dmar(spec), devices(spec), rig.trace, () -> rig.timeNs);
  }

  private static DmarFacts dmar(MachineSpec spec) {
    var first = spec.units().getFirst().configuration().capabilities();
    List<DmarFacts.Drhd> units =
        spec.units().stream()
            .map(
                unit ->
                    new DmarFacts.Drhd(
                        unit.base(), unit.segment(), unit.scope().isEmpty(), unit.scope()))
            .toList();
    boolean interrupts = first.features().contains("IR");
    return new DmarFacts(
        first.hostAddressWidth(), interrupts, false, false, units, List.of(), List.of());
  }

  private static List<PciDevice> devices(MachineSpec spec) {
    return spec.devices().stream()
        .sorted((a, b) -> a.source().compareTo(b.source()))
        .map(
            device ->
                PciDevice.endpoint(device.source(), device.name()).withDmaMask(device.dmaMask()))
        .toList();
  }
}
