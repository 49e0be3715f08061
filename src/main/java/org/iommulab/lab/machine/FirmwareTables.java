package org.iommulab.lab.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.PciDevice;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.config.UnitConfiguration;

/** Writes the DMAR table of a machine. Rules: vtd.md, section 10. */
final class FirmwareTables {

  private static final int ALL = 1;

  private FirmwareTables() {}

  static Dmar dmar(MachineSpec machine) {
    var structures = new ArrayList<DmarStructure>();
    int hostAddressWidth = 0;
    boolean interrupts = true;
    for (MachineSpec.UnitPlacement unit : machine.units()) {
      UnitConfiguration configuration = unit.configuration();
      structures.add(
          new DmarStructure.Drhd(
              unit.includesAll() ? ALL : 0, 0, unit.segment(), unit.base(), unit.scopes()));
      hostAddressWidth =
          Math.max(hostAddressWidth, configuration.capabilities().hostAddressWidth());
      interrupts &= configuration.capabilities().features().contains("IR");
    }
    structures.addAll(machine.reserved());
    for (int segment : segmentsWithAts(machine)) {
      structures.add(new DmarStructure.Atsr(ALL, segment, List.of()));
    }
    return Dmar.of(hostAddressWidth, interrupts ? Dmar.INTERRUPT_REMAPPING : 0, structures);
  }

  static List<AddressRange> usable(MachineSpec machine) {
    List<AddressRange> left = machine.ram();
    for (DmarStructure.Rmrr region : machine.reserved()) {
      var without = new ArrayList<AddressRange>();
      for (AddressRange range : left) {
        addPart(without, range.start(), Math.min(range.end(), region.base()));
        addPart(without, Math.max(range.start(), region.limit() + 1), range.end());
      }
      left = without;
    }
    return left;
  }

  private static void addPart(List<AddressRange> parts, long start, long end) {
    if (start < end) {
      parts.add(new AddressRange(start, end));
    }
  }

  private static Set<Integer> segmentsWithAts(MachineSpec machine) {
    var segments = new TreeSet<Integer>();
    for (PciDevice device : machine.devices()) {
      if (device.abilities().ats()) {
        segments.add(device.source().segment());
      }
    }
    return segments;
  }
}
