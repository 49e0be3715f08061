package org.iommulab.acpi;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;

/** What a table says that is not so on the machine it describes. */
final class MachineCheck {

  private final Dmar dmar;
  private final PciTopology where;
  private final List<AddressRange> usable;
  private final Findings findings = new Findings();

  MachineCheck(Dmar dmar, PciTopology where, List<AddressRange> usable) {
    this.dmar = dmar;
    this.where = where;
    this.usable = List.copyOf(usable);
  }

  List<String> findings() {
    for (DmarStructure structure : dmar.structures()) {
      for (DeviceScope scope : structure.scopes()) {
        if (scope.isPci()) {
          exists(structure, scope, segment(structure));
        }
      }
    }
    memory();
    for (PciDevice device : where.devices()) {
      findings.when(
          dmar.unitFor(device.source(), where).isEmpty(),
          "No unit serves %s: what it asks of memory is not translated.",
          device.source());
    }
    return findings.list();
  }

  private static int segment(DmarStructure structure) {
    return switch (structure) {
      case DmarStructure.Drhd unit -> unit.segment();
      case DmarStructure.Rmrr region -> region.segment();
      case DmarStructure.Atsr ports -> ports.segment();
      case DmarStructure.Satc devices -> devices.segment();
      case DmarStructure.Sidp devices -> devices.segment();
      case DmarStructure.Rhsa node -> 0;
      case DmarStructure.Andd device -> 0;
      case DmarStructure.Unknown unknown -> 0;
    };
  }

  private void exists(DmarStructure structure, DeviceScope scope, int segment) {
    Optional<SourceId> target = scope.target(segment, where);
    if (target.isEmpty()) {
      findings.when(
          true,
          "%s names %s, but the way there leads through a bridge that is not there.",
          structure.withArticle(),
          scope.pathText());
      return;
    }
    boolean bridge = where.bridge(target.get()).isPresent();
    boolean device = where.device(target.get()).isPresent();
    findings.when(
        !bridge && !device,
        "%s names %s, but there is no device at %s.",
        structure.withArticle(),
        scope.pathText(),
        target.get());
    findings.when(
        bridge && scope.type() == DeviceScope.ENDPOINT,
        "%s names %s as an endpoint, but a bridge is there.",
        structure.withArticle(),
        scope.pathText());
    findings.when(
        device && scope.type() == DeviceScope.SUB_HIERARCHY,
        "%s names %s as a bridge with all behind it, but no bridge is there.",
        structure.withArticle(),
        scope.pathText());
  }

  private void memory() {
    for (DmarStructure.Drhd unit : dmar.units()) {
      findings.when(
          isUsable(unit.base(), unit.base() + unit.windowBytes() - 1),
          "The registers of the unit at %x lie where the machine has memory.",
          unit.base());
    }
    for (DmarStructure.Rmrr region : dmar.reservedMemory()) {
      findings.when(
          isUsable(region.base(), region.limit()),
          "The region %x-%x is reserved for devices, but the memory map lets the operating system"
              + " use it.",
          region.base(),
          region.limit());
    }
  }

  private boolean isUsable(long first, long last) {
    return usable.stream()
        .anyMatch(
            range ->
                Long.compareUnsigned(first, range.end()) < 0
                    && Long.compareUnsigned(last, range.start()) >= 0);
  }
}
