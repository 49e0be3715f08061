package org.iommulab.lab.machine;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;

/**
 * What a machine is built of.
 *
 * @param ram the ranges that are memory
 * @param units the remapping units; the one that takes all remaining devices comes last
 * @param devices the requesters
 * @param bridges ports and bridges between them
 * @param reserved memory that firmware lets devices use behind the operating system's back
 */
public record MachineSpec(
    List<AddressRange> ram,
    List<UnitPlacement> units,
    List<PciDevice> devices,
    List<PciBridge> bridges,
    List<DmarStructure.Rmrr> reserved) {

  /** Where the first unit's registers are. */
  public static final long MMIO_BASE = 0xFED9_0000L;

  /**
   * A unit and the devices behind it.
   *
   * @param configuration how it is built
   * @param base physical address of its registers
   * @param segment PCI segment
   * @param scopes what it serves as the DMAR table tells it; without PCI devices among them it
   *     serves all that no other unit of the segment lists
   */
  public record UnitPlacement(
      UnitConfiguration configuration, long base, int segment, List<DeviceScope> scopes) {

    public UnitPlacement {
      scopes = List.copyOf(scopes);
    }

    /** Serves everything of its segment that no other unit lists. */
    public boolean includesAll() {
      return scopes.stream().noneMatch(DeviceScope::isPci);
    }
  }

  /** A machine without bridges and reserved memory. */
  public MachineSpec(List<AddressRange> ram, List<UnitPlacement> units, List<PciDevice> devices) {
    this(ram, units, devices, List.of(), List.of());
  }

  public MachineSpec {
    ram = List.copyOf(ram);
    units = List.copyOf(units);
    devices = List.copyOf(devices);
    bridges = List.copyOf(bridges);
    reserved = List.copyOf(reserved);
    if (units.isEmpty()) {
      throw new IllegalArgumentException("a machine needs at least one remapping unit");
    }
  }

  /** How its devices hang together. */
  public PciTopology topology() {
    return new PciTopology(bridges, devices);
  }

  /** The DMAR table its firmware would hand to the operating system. */
  public Dmar dmar() {
    return FirmwareTables.dmar(this);
  }

  /** Memory that the operating system may use for itself: what firmware has not reserved. */
  public List<AddressRange> usable() {
    return FirmwareTables.usable(this);
  }

  /** What is odd about the DMAR table, in itself and on this machine; each one sentence. */
  public List<String> firmwareFindings() {
    Dmar dmar = dmar();
    return Stream.concat(dmar.findings().stream(), dmar.findingsOn(topology(), usable()).stream())
        .toList();
  }

  /**
   * The machine of a script: 2 GiB of RAM with the hole below 1 MiB and eight requesters.
   *
   * @throws IllegalArgumentException if the profile does not exist
   */
  public static MachineSpec script(String profile, MachineOptions options) {
    return script(
        Profiles.named(profile, options)
            .orElseThrow(() -> new IllegalArgumentException("no profile " + profile)));
  }

  /** The machine of a script around any unit. */
  public static MachineSpec script(UnitConfiguration unit) {
    return new MachineSpec(
        List.of(new AddressRange(0, 0xA0000), new AddressRange(0x100000, 0x8000_0000L)),
        List.of(new UnitPlacement(unit, MMIO_BASE, 0, List.of())),
        Stream.of(
                "00:03.0", "00:03.1", "00:03.2", "00:03.4", "00:05.0", "00:12.0", "01:00.0",
                "02:00.0")
            .map(text -> PciDevice.engine(SourceId.parse(text).orElseThrow()))
            .toList());
  }

  /**
   * The lab machine L: 8 GiB of RAM, one server unit, a network card, an old 32-bit card and a
   * rogue DMA engine. With the profile of a real machine the unit is that machine's.
   */
  public static MachineSpec laboratory(String profile) {
    UnitConfiguration named =
        Profiles.named(profile)
            .orElseThrow(() -> new IllegalArgumentException("no profile " + profile));
    UnitConfiguration unit =
        Profiles.isRealMachine(profile)
            ? named
            : Profiles.withCapabilities(
                named, new Capabilities(0x08D2078C106F0466L, 0xF020DFL, 0x10, 46));
    return new MachineSpec(
        List.of(
            new AddressRange(0, 0xA0000),
            new AddressRange(0x100000, 0xC000_0000L),
            new AddressRange(0x1_0000_0000L, 0x2_4000_0000L)),
        List.of(new UnitPlacement(unit, MMIO_BASE, 0, List.of())),
        List.of(
            new PciDevice(
                SourceId.of(0, 3, 0), "nic", PciDevice.Kind.NETWORK_CARD, PciDevice.MASK_64),
            new PciDevice(
                SourceId.of(0, 4, 0), "old", PciDevice.Kind.LEGACY_CARD, PciDevice.MASK_32),
            new PciDevice(SourceId.of(0, 5, 0), "rogue", PciDevice.Kind.ROGUE, PciDevice.MASK_64)));
  }

  /**
   * A client machine: a unit of its own for the graphics, one for all other devices; cards behind
   * root ports, two old ones behind a bridge to conventional PCI.
   *
   * <pre>
   *   unit 0 ── 00:02.0 igpu
   *   unit 1 ─┬ 00:05.0 rogue
   *           ├ 00:1c.0 port1 ── 01:00.0 nic
   *           ├ 00:1d.0 port2 ── 02:00.0 nvme
   *           └ 00:1e.0 pcibridge ── 03:01.0 old, 03:02.0 sound (both send as 03:00.0)
   * </pre>
   */
  public static MachineSpec client(String profile) {
    return ClientBoard.of(profile);
  }
}
