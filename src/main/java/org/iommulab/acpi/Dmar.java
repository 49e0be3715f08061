package org.iommulab.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;

/**
 * The DMAR table: which remapping units exist and which devices sit behind them.
 *
 * @param header who made it
 * @param hostAddressWidth bits of a physical address (the table holds one less)
 * @param flags bit 0 interrupt remapping, bit 1 x2APIC opt-out, bit 2 DMA-control opt-in
 * @param structures in table order
 */
public record Dmar(
    DmarHeader header, int hostAddressWidth, int flags, List<DmarStructure> structures) {

  /** Flag: interrupts can be remapped. */
  public static final int INTERRUPT_REMAPPING = 1;

  /** Flag: the operating system shall not use x2APIC mode. */
  public static final int X2APIC_OPT_OUT = 2;

  /** Flag: firmware asks for protection from external devices. */
  public static final int PLATFORM_OPT_IN = 4;

  /** Bytes before the first structure. */
  public static final int HEADER_BYTES = 48;

  public Dmar {
    structures = List.copyOf(structures);
  }

  /**
   * Reads a table and says what is odd about it; stops at the first structure it cannot measure.
   */
  public static DmarReading parse(byte[] table) {
    return DmarParser.parse(table);
  }

  /** A table as this laboratory's firmware makes it. */
  public static Dmar of(int hostAddressWidth, int flags, List<DmarStructure> structures) {
    return new Dmar(DmarHeader.OURS, hostAddressWidth, flags, structures);
  }

  /** The table in binary form, with lengths and checksum. */
  public byte[] toBytes() {
    return DmarWriter.write(this);
  }

  /** Revision of the table. */
  public int revision() {
    return header.revision();
  }

  /** What is odd about it in itself, each one sentence. */
  public List<String> findings() {
    return DmarCheck.findings(this);
  }

  /**
   * What does not fit the machine it describes, each one sentence.
   *
   * @param where the buses and what is on them
   * @param usable memory that the operating system may use for itself
   */
  public List<String> findingsOn(PciTopology where, List<AddressRange> usable) {
    return new MachineCheck(this, where, usable).findings();
  }

  /** The remapping units. */
  public List<DmarStructure.Drhd> units() {
    return only(DmarStructure.Drhd.class);
  }

  /** The reserved memory regions. */
  public List<DmarStructure.Rmrr> reservedMemory() {
    return only(DmarStructure.Rmrr.class);
  }

  private <T extends DmarStructure> List<T> only(Class<T> type) {
    var found = new ArrayList<T>();
    for (DmarStructure structure : structures) {
      if (type.isInstance(structure)) {
        found.add(type.cast(structure));
      }
    }
    return found;
  }

  /**
   * The unit that serves a requester: the first of its segment that lists it or a bridge above it,
   * else the one that includes all others; empty if there is none.
   */
  public Optional<DmarStructure.Drhd> unitFor(SourceId source, PciTopology where) {
    SourceId function = where.device(source).flatMap(PciDevice::physicalFunction).orElse(source);
    for (DmarStructure.Drhd unit : units()) {
      if (unit.segment() == source.segment() && lists(unit, function, where)) {
        return Optional.of(unit);
      }
    }
    return units().stream()
        .filter(unit -> unit.segment() == source.segment() && unit.includesAll())
        .findFirst();
  }

  private static boolean lists(DmarStructure.Drhd unit, SourceId function, PciTopology where) {
    for (DeviceScope scope : unit.scopes()) {
      Optional<SourceId> target = scope.target(unit.segment(), where);
      if (target.isPresent()
          && (target.get().equals(function)
              || where.pathToRoot(function).stream()
                  .anyMatch(bridge -> bridge.source().equals(target.get())))) {
        return true;
      }
    }
    return false;
  }

  /** Firmware says that interrupts can be remapped. */
  public boolean interruptRemapping() {
    return (flags & INTERRUPT_REMAPPING) != 0;
  }
}
