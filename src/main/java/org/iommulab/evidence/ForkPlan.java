package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.Mode;

/**
 * What a laboratory needs to continue from a dump: memory with the dump underneath, and the
 * register writes that bring a fresh unit to where the real one was. Faults that were pending and
 * descriptors that were queued stay in the dump only; the new queue starts empty.
 *
 * @param memory RAM that covers the dump; its own copy, the files stay untouched
 * @param registerBase physical address of the unit's registers
 * @param version VER of the real unit
 * @param cap CAP of the real unit
 * @param ecap ECAP of the real unit
 * @param hostAddressWidth bits of a physical address, 32 to 52
 * @param writes to be made in this order through the unit's registers
 * @param devices every requester that has a context entry, and those the DMAR table names
 */
public record ForkPlan(
    PhysicalMemory memory,
    long registerBase,
    int version,
    long cap,
    long ecap,
    int hostAddressWidth,
    List<Write> writes,
    List<SourceId> devices) {

  private static final long USUAL_BASE = 0xFED9_0000L;
  private static final long MEGABYTE = 1 << 20;
  private static final long PCI_HOLE = 0xC000_0000L;
  private static final int LARGEST_PASID_BITS = 19;
  private static final int IO_APIC_BUS = 0xFF;

  /**
   * One register write.
   *
   * @param register its name
   * @param offset in bytes
   * @param size 4 or 8
   * @param value to write
   */
  public record Write(String register, int offset, int size, long value) {}

  /** What QEMU's unit tells, for texts that show no registers: all that tables need. */
  private static final long USUAL_CAP = 0xD2_008C_222F_0606L;

  private static final long USUAL_ECAP = 0xF0_0F4AL;

  static ForkPlan of(Snapshot snapshot) {
    boolean told = snapshot.registers().cap() != 0;
    return new ForkPlan(
        snapshot.pieces().memory(ram(snapshot.pieces())),
        snapshot.registerBase().orElse(USUAL_BASE),
        (int) snapshot.registers().version(),
        told ? snapshot.registers().cap() : USUAL_CAP,
        told ? snapshot.registers().ecap() : usualEcap(snapshot),
        hostAddressWidth(snapshot),
        new ForkWrites(snapshot).list(),
        devices(snapshot));
  }

  private static long usualEcap(Snapshot snapshot) {
    if (snapshot.tables().mode() != Mode.SCALABLE) {
      return USUAL_ECAP;
    }
    return USUAL_ECAP
        | ExtendedCapabilityLayout.C.mask()
        | ExtendedCapabilityLayout.SMTS.mask()
        | ExtendedCapabilityLayout.FSTS.mask()
        | ExtendedCapabilityLayout.SSTS.mask()
        | ExtendedCapabilityLayout.NEST.mask()
        | ExtendedCapabilityLayout.SRS.mask()
        | ExtendedCapabilityLayout.PASID.mask()
        | ExtendedCapabilityLayout.PSS.with(0, LARGEST_PASID_BITS);
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
    for (ContextNode context : snapshot.tables().contexts()) {
      devices.add(context.source());
    }
    for (DmarStructure structure : snapshot.dmar().map(Dmar::structures).orElse(List.of())) {
      for (DeviceScope scope : structure.scopes()) {
        boolean pci =
            scope.type() == DeviceScope.ENDPOINT || scope.type() == DeviceScope.SUB_HIERARCHY;
        if (pci && scope.path().size() == 1 && scope.startBus() != IO_APIC_BUS) {
          devices.add(scope.firstStep());
        }
      }
    }
    return List.copyOf(devices);
  }
}
