package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarReading;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.tables.RegisterValues;

/**
 * Looks at a running machine: registers at once, pages when somebody asks for them. Each look has
 * pages of its own, so what one has fetched stays as it was.
 */
final class LiveSnapshot {

  private LiveSnapshot() {}

  static Evidence of(RunningMachine machine) {
    MemoryPieces pieces = pieces(machine);
    PhysicalMemory memory = pieces.memory();
    Optional<AcpiTables> acpi = AcpiTables.find(memory);
    Optional<DmarReading> reading =
        acpi.flatMap(tables -> tables.bytes(memory, "DMAR")).map(Dmar::parse);
    Optional<Dmar> dmar = reading.flatMap(DmarReading::table);
    List<SnapshotUnit> units = units(machine, dmar);
    if (units.isEmpty()) {
      return new BadEvidence(
          machine.name()
              + " has no VT-d unit: start QEMU with -device intel-iommu, or wait until its firmware"
              + " has run.");
    }
    return new Snapshot(
        machine.name(),
        memory,
        units,
        0,
        acpi,
        dmar,
        pieces.ramBytes(),
        pieces,
        Optional.empty(),
        List.of(),
        List.of(),
        reading.map(DmarReading::findings).orElse(List.of()));
  }

  private static MemoryPieces pieces(RunningMachine machine) {
    var pieces = new ArrayList<Piece>();
    for (AddressRange range : machine.ram()) {
      var store = new Store.Fetched(range.start(), range.size(), machine.pages());
      pieces.add(new Piece(range.start(), range.size(), store));
    }
    return new MemoryPieces(pieces);
  }

  private static List<SnapshotUnit> units(RunningMachine machine, Optional<Dmar> dmar) {
    var units = new ArrayList<SnapshotUnit>();
    for (DmarStructure.Drhd unit : dmar.map(Dmar::units).orElse(List.of())) {
      add(machine, unit.base(), unit.segment(), units);
    }
    for (long base : units.isEmpty() ? machine.bases() : List.<Long>of()) {
      add(machine, base, 0, units);
    }
    return units;
  }

  private static void add(
      RunningMachine machine, long base, int segment, List<SnapshotUnit> units) {
    boolean known = units.stream().anyMatch(unit -> unit.base().equals(Optional.of(base)));
    if (known || base <= 0 || base % PhysicalMemory.FRAME_BYTES != 0) {
      return;
    }
    machine
        .registers(base)
        .map(RegisterValues::of)
        .filter(RegisterFile::looksReal)
        .ifPresent(
            values ->
                units.add(
                    SnapshotUnit.known(
                        SnapshotUnit.name(units.size()), Optional.of(base), segment, values)));
  }
}
