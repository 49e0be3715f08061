package org.iommulab.lab.machine;

import java.util.List;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.MachineSpec.UnitPlacement;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;

/** A client machine with two remapping units. Registers: vtd.md 11.1, Skylake to Raptor Lake. */
final class ClientBoard {

  private static final Capabilities GRAPHICS =
      new Capabilities(0x01C0_000C_4066_0462L, 0x19E_2FF0_505EL, 0x10, 39);
  private static final Capabilities OTHERS =
      new Capabilities(0x00D2_008C_4066_0462L, 0xF0_50DAL, 0x10, 39);

  private static final SourceId IGPU = SourceId.of(0, 2, 0);
  private static final SourceId IO_APIC = SourceId.of(0xF0, 0x1F, 0);

  private static final long GRAPHICS_MEMORY = 0xBF80_0000L;
  private static final long GRAPHICS_MEMORY_LAST = 0xBFFF_FFFFL;

  private static final List<PciBridge> BRIDGES =
      List.of(
          port(SourceId.of(0, 0x1C, 0), "port1", 1),
          port(SourceId.of(0, 0x1D, 0), "port2", 2),
          new PciBridge(
              SourceId.of(0, 0x1E, 0),
              "pcibridge",
              PciBridge.Kind.PCIE_TO_PCI,
              3,
              3,
              false,
              false));

  private static final String GRAPHICS_SUFFIX = "-graphics";

  private static final List<PciDevice> DEVICES =
      List.of(
          new PciDevice(IGPU, "igpu", PciDevice.Kind.GPU, (1L << 39) - 1),
          device(SourceId.of(0, 5, 0), "rogue", PciDevice.Kind.ROGUE),
          device(SourceId.of(1, 0, 0), "nic", PciDevice.Kind.NETWORK_CARD),
          device(SourceId.of(2, 0, 0), "nvme", PciDevice.Kind.NVME),
          card(SourceId.of(3, 1, 0), "old"),
          card(SourceId.of(3, 2, 0), "sound"),
          device(IO_APIC, "ioapic", PciDevice.Kind.IO_APIC));

  private ClientBoard() {}

  private static PciBridge port(SourceId at, String name, int bus) {
    return new PciBridge(at, name, PciBridge.Kind.ROOT_PORT, bus, bus, true, false);
  }

  private static PciDevice device(SourceId at, String name, PciDevice.Kind kind) {
    return new PciDevice(at, name, kind, PciDevice.MASK_64);
  }

  private static PciDevice card(SourceId at, String name) {
    return new PciDevice(at, name, PciDevice.Kind.LEGACY_CARD, PciDevice.MASK_32);
  }

  /**
   * A unit of the board, or of the real machine whose profile it is.
   *
   * @param place name of the real machine's unit for this place
   */
  private static UnitConfiguration unit(String place, String profile, Capabilities board) {
    UnitConfiguration unit =
        Profiles.named(place)
            .or(() -> Profiles.named(profile))
            .orElseThrow(() -> new IllegalArgumentException("no profile " + profile));
    return Profiles.isRealMachine(profile) ? unit : Profiles.withCapabilities(unit, board);
  }

  static MachineSpec of(String profile) {
    String plain = profile.replace(GRAPHICS_SUFFIX, "");
    var topology = new PciTopology(BRIDGES, DEVICES);
    DeviceScope graphics = DeviceScope.to(DeviceScope.ENDPOINT, 0, IGPU, topology);
    DeviceScope ioApic = DeviceScope.to(DeviceScope.IO_APIC, 2, IO_APIC, topology);
    return new MachineSpec(
        List.of(
            new AddressRange(0, 0xA0000),
            new AddressRange(0x100000, 0xC000_0000L),
            new AddressRange(0x1_0000_0000L, 0x2_4000_0000L)),
        List.of(
            new UnitPlacement(
                unit(plain + GRAPHICS_SUFFIX, profile, GRAPHICS),
                MachineSpec.MMIO_BASE,
                0,
                List.of(graphics)),
            new UnitPlacement(
                unit(plain, profile, OTHERS), MachineSpec.MMIO_BASE + 0x1000, 0, List.of(ioApic))),
        DEVICES,
        BRIDGES,
        List.of(
            new DmarStructure.Rmrr(0, GRAPHICS_MEMORY, GRAPHICS_MEMORY_LAST, List.of(graphics))));
  }
}
