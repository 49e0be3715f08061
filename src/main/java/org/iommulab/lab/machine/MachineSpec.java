package org.iommulab.lab.machine;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.Capabilities;
import org.iommulab.vtd.MachineOptions;
import org.iommulab.vtd.Profiles;
import org.iommulab.vtd.UnitConfiguration;

/**
 * What a machine is built of.
 *
 * @param ram the ranges that are memory
 * @param units the remapping units; the one that takes all remaining devices comes last
 * @param devices the requesters
 */
public record MachineSpec(
    List<AddressRange> ram, List<UnitPlacement> units, List<PciDevice> devices) {

  /** Where the first unit's registers are. */
  public static final long MMIO_BASE = 0xFED9_0000L;

  /**
   * A unit and the devices behind it.
   *
   * @param configuration how it is built
   * @param base physical address of its registers
   * @param segment PCI segment
   * @param scope the requesters it serves; empty for all that no other unit serves
   */
  public record UnitPlacement(
      UnitConfiguration configuration, long base, int segment, List<SourceId> scope) {

    public UnitPlacement {
      scope = List.copyOf(scope);
    }
  }

  public MachineSpec {
    ram = List.copyOf(ram);
    units = List.copyOf(units);
    devices = List.copyOf(devices);
    if (units.isEmpty()) {
      throw new IllegalArgumentException("a machine needs at least one remapping unit");
    }
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
   * rogue DMA engine.
   */
  public static MachineSpec laboratory(String profile) {
    UnitConfiguration unit =
        Profiles.named(profile)
            .orElseThrow(() -> new IllegalArgumentException("no profile " + profile))
            .withCapabilities(new Capabilities(0x08D2078C106F0466L, 0xF020DFL, 0x10, 46));
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
}
