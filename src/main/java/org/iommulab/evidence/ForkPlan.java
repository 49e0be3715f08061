package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.tables.ContextNode;

/**
 * What a laboratory needs to continue from a dump: memory with the dump underneath, and for each
 * unit the register writes that bring a fresh one to where the real one was. Faults that were
 * pending and descriptors that were queued stay in the dump only; the new queues start empty.
 *
 * @param memory RAM that covers the dump; its own copy, the files stay untouched
 * @param hostAddressWidth bits of a physical address, 32 to 52
 * @param units at least one
 * @param devices every requester that has a context entry, and those the DMAR table names
 */
public record ForkPlan(
    PhysicalMemory memory, int hostAddressWidth, List<Unit> units, List<SourceId> devices) {

  private static final long USUAL_BASE = 0xFED9_0000L;
  private static final long MEGABYTE = 1 << 20;
  private static final long PCI_HOLE = 0xC000_0000L;
  private static final int IO_APIC_BUS = 0xFF;
  private static final long WINDOW = 0x1000;

  public ForkPlan {
    units = List.copyOf(units);
    devices = List.copyOf(devices);
  }

  /**
   * One unit.
   *
   * @param base physical address of the registers
   * @param segment PCI segment
   * @param version VER of the real unit
   * @param cap CAP of the real unit
   * @param ecap ECAP of the real unit
   * @param scopes the devices it serves; none if it serves all that no other unit of the segment
   *     does
   * @param writes to be made in this order through the unit's registers
   */
  public record Unit(
      long base,
      int segment,
      int version,
      long cap,
      long ecap,
      List<DeviceScope> scopes,
      List<Write> writes) {

    public Unit {
      scopes = List.copyOf(scopes);
      writes = List.copyOf(writes);
    }
  }

  /**
   * One register write.
   *
   * @param register its name
   * @param offset in bytes
   * @param size 4 or 8
   * @param value to write
   */
  public record Write(String register, int offset, int size, long value) {}

  /** What it takes to go on from that dump. */
  public static ForkPlan of(Snapshot snapshot) {
    var units = new ArrayList<Unit>();
    for (int index = 0; index < snapshot.units().size(); index++) {
      units.add(unit(snapshot.ofUnit(index), index));
    }
    return new ForkPlan(
        snapshot.pieces().memory(ram(snapshot.pieces())),
        hostAddressWidth(snapshot),
        units,
        devices(snapshot));
  }

  private static Unit unit(Snapshot snapshot, int index) {
    return new Unit(
        snapshot.registerBase().orElse(USUAL_BASE + index * WINDOW),
        snapshot.unit().segment(),
        (int) snapshot.registers().version(),
        snapshot.registers().cap(),
        snapshot.registers().ecap(),
        isCatchAll(snapshot, index) ? List.of() : scopes(snapshot),
        new ForkWrites(snapshot).list());
  }

  /** The unit that the DMAR table says is for all others, or the last one of its segment. */
  private static boolean isCatchAll(Snapshot snapshot, int index) {
    int segment = snapshot.unit().segment();
    Optional<DmarStructure.Drhd> told =
        snapshot.dmar().stream()
            .flatMap(table -> table.units().stream())
            .filter(unit -> unit.segment() == segment && unit.includesAll())
            .findFirst();
    List<SnapshotUnit> units = snapshot.units();
    boolean there =
        told.isPresent()
            && units.stream().anyMatch(unit -> unit.base().equals(Optional.of(told.get().base())));
    if (there) {
      return snapshot.registerBase().equals(Optional.of(told.get().base()));
    }
    return units.subList(index + 1, units.size()).stream()
        .noneMatch(unit -> unit.segment() == segment);
  }

  /** Every device that the unit has an entry for. */
  private static List<DeviceScope> scopes(Snapshot snapshot) {
    return snapshot.tables().contexts().stream()
        .map(context -> DeviceScope.of(DeviceScope.ENDPOINT, 0, context.source()))
        .toList();
  }

  /**
   * A trimmed dump has holes where the machine had memory. Firmware keeps its tables at the top of
   * the RAM below 4 GiB, so the last page of the dump there, rounded up, tells where it ended.
   */
  private static List<AddressRange> ram(MemoryPieces pieces) {
    long top = MEGABYTE;
    var high = new ArrayList<AddressRange>();
    for (AddressRange range : pieces.ranges()) {
      if (range.start() < PCI_HOLE) {
        top = Math.max(top, Math.ceilDiv(range.end(), MEGABYTE) * MEGABYTE);
      } else {
        high.add(range);
      }
    }
    var ram = new ArrayList<AddressRange>();
    ram.add(new AddressRange(0, top));
    for (AddressRange range : high) {
      if (range.start() >= top) {
        ram.add(range);
      }
    }
    return ram;
  }

  private static int hostAddressWidth(Snapshot snapshot) {
    int width =
        snapshot
            .dmar()
            .map(Dmar::hostAddressWidth)
            .orElse((int) CapabilityLayout.MGAW.get(snapshot.registers().cap()) + 1);
    return Math.clamp(width, 32, 52);
  }

  private static List<SourceId> devices(Snapshot snapshot) {
    var devices = new TreeSet<SourceId>();
    for (int index = 0; index < snapshot.units().size(); index++) {
      Snapshot unit = snapshot.ofUnit(index);
      for (ContextNode context : unit.tables().contexts()) {
        devices.add(context.source().inSegment(unit.unit().segment()));
      }
    }
    for (DmarStructure structure : snapshot.dmar().map(Dmar::structures).orElse(List.of())) {
      for (DeviceScope scope : structure.scopes()) {
        boolean pci =
            scope.type() == DeviceScope.ENDPOINT || scope.type() == DeviceScope.SUB_HIERARCHY;
        if (pci && scope.path().size() == 1 && scope.startBus() != IO_APIC_BUS) {
          devices.add(scope.firstStep().inSegment(segment(structure)));
        }
      }
    }
    return List.copyOf(devices);
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
}
