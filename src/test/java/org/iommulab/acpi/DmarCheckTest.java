package org.iommulab.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.acpi.DmarStructure.Andd;
import org.iommulab.acpi.DmarStructure.Atsr;
import org.iommulab.acpi.DmarStructure.Drhd;
import org.iommulab.acpi.DmarStructure.Rhsa;
import org.iommulab.acpi.DmarStructure.Rmrr;
import org.iommulab.acpi.DmarStructure.Satc;
import org.iommulab.acpi.DmarStructure.Sidp;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the program says about tables that are odd, and that it is silent about good ones. */
final class DmarCheckTest {

  private static final SourceId NIC = SourceId.of(1, 0, 0);
  private static final DeviceScope TO_GPU = pci(DeviceScope.ENDPOINT, 0, 2, 0);
  private static final Drhd ALL = new Drhd(1, 0, 0, 0xFED9_1000L, List.of());
  private static final Drhd GRAPHICS = new Drhd(0, 0, 0, 0xFED9_0000L, List.of(TO_GPU));

  private static DeviceScope pci(int type, int bus, int device, int function) {
    return DeviceScope.of(type, 0, SourceId.of(bus, device, function));
  }

  private static DeviceScope path(int type, DeviceScope.Step... steps) {
    return new DeviceScope(type, 0, 0, 0, List.of(steps));
  }

  private static Dmar table(DmarStructure... structures) {
    return Dmar.of(39, 0, List.of(structures));
  }

  static Stream<Arguments> oddities() {
    DeviceScope ioApic = DeviceScope.of(DeviceScope.IO_APIC, 2, SourceId.of(0xF0, 0x1F, 0));
    DeviceScope uart = DeviceScope.of(DeviceScope.NAMESPACE, 4, SourceId.of(0, 0x1E, 0));
    return Stream.of(
        odd("The table lists no remapping unit (DRHD)."),
        odd(
            "The units at fed91000 and fed92000 both include all other devices of segment 0.",
            ALL,
            new Drhd(1, 0, 0, 0xFED9_2000L, List.of())),
        odd(
            "The unit at fed90000 comes after the one that includes all other devices of segment"
                + " 0.",
            ALL,
            GRAPHICS),
        odd(
            "Two units have their registers at fed91000.",
            new Drhd(0, 0, 0, 0xFED9_1000L, List.of(TO_GPU)),
            ALL),
        odd(
            "The register windows of the units at fed90000 and fed91000 overlap.",
            new Drhd(0, 1, 0, 0xFED9_0000L, List.of(TO_GPU)),
            ALL),
        odd(
            "A remapping unit has its registers at 0: firmware left it unset.",
            new Drhd(1, 0, 0, 0, List.of())),
        odd(
            "The registers of the unit at fed91800 do not start at a page.",
            new Drhd(1, 0, 0, 0xFED9_1800L, List.of())),
        odd(
            "The registers of the unit at 8000000000 lie beyond the 39 bits of a physical address.",
            new Drhd(1, 0, 0, 1L << 39, List.of())),
        odd(
            "The unit at fed91000 has reserved flags set, 03.",
            new Drhd(3, 0, 0, 0xFED9_1000L, List.of())),
        odd(
            "The unit at fed91000 includes all other devices and lists some besides, which adds"
                + " nothing.",
            new Drhd(1, 0, 0, 0xFED9_1000L, List.of(TO_GPU))),
        odd(
            "The unit at fed90000 lists no device and does not include all others.",
            new Drhd(0, 0, 0, 0xFED9_0000L, List.of()),
            ALL),
        odd(
            "Two units list pci-endpoint 00:02.0.",
            GRAPHICS,
            new Drhd(0, 0, 0, 0xFED9_2000L, List.of(TO_GPU)),
            ALL),
        odd(
            "The reserved region from 2000 ends before it starts.",
            ALL,
            new Rmrr(0, 0x2000, 0x1FFF, List.of(TO_GPU))),
        odd(
            "The reserved region 2000-27ff is not in whole pages.",
            ALL,
            new Rmrr(0, 0x2000, 0x27FF, List.of(TO_GPU))),
        odd(
            "The reserved regions from 1000 and 2000 overlap.",
            ALL,
            new Rmrr(0, 0x1000, 0x2FFF, List.of(TO_GPU)),
            new Rmrr(0, 0x2000, 0x3FFF, List.of(TO_GPU))),
        odd(
            "The reserved region 8000000000-8000000fff ends beyond the 39 bits of a physical"
                + " address.",
            ALL,
            new Rmrr(0, 1L << 39, (1L << 39) + 0xFFF, List.of(TO_GPU))),
        odd(
            "The reserved region from 1000 names no device.",
            ALL,
            new Rmrr(0, 0x1000, 0x1FFF, List.of())),
        odd(
            "An RMRR names an interrupt source, f0:1f.0; only units do.",
            ALL,
            new Rmrr(0, 0x1000, 0x1FFF, List.of(ioApic))),
        odd("An ATSR names no device.", ALL, new Atsr(0, 0, List.of())),
        odd(
            "An ATSR is for all ports and lists some besides.",
            ALL,
            new Atsr(1, 0, List.of(pci(DeviceScope.SUB_HIERARCHY, 0, 0x1C, 0)))),
        odd("An SATC names no device.", ALL, new Satc(1, 0, List.of())),
        odd("An SIDP names no device.", ALL, new Sidp(0, List.of())),
        odd(
            "A NUMA entry (RHSA) is for a unit at fed99000 that the table does not list.",
            ALL,
            new Rhsa(0xFED9_9000L, 0)),
        odd(
            "Two NUMA entries (RHSA) are for the unit at fed91000.",
            ALL,
            new Rhsa(0xFED9_1000L, 0),
            new Rhsa(0xFED9_1000L, 1)),
        odd(
            "A DRHD names ACPI device 4, but no ANDD has that number.",
            new Drhd(1, 0, 0, 0xFED9_1000L, List.of(uart))),
        odd("No device scope refers to the ANDD of number 4.", ALL, new Andd(4, "\\_SB.UAR0")),
        odd(
            "Two ANDD structures have the number 4.",
            new Drhd(1, 0, 0, 0xFED9_1000L, List.of(uart)),
            new Andd(4, "\\_SB.UAR0"),
            new Andd(4, "\\_SB.UAR1")),
        odd(
            "An RMRR comes after a structure of a higher type.",
            ALL,
            new Atsr(1, 0, List.of()),
            new Rmrr(0, 0x1000, 0x1FFF, List.of(TO_GPU))),
        odd(
            "A DRHD has a device scope of unknown type 9.",
            new Drhd(0, 0, 0, 0xFED9_0000L, List.of(pci(9, 0, 2, 0))),
            ALL),
        odd(
            "A DRHD names device 28.0, which cannot exist.",
            new Drhd(
                0,
                0,
                0,
                0xFED9_0000L,
                List.of(path(DeviceScope.ENDPOINT, new DeviceScope.Step(0x28, 0)))),
            ALL));
  }

  private static Arguments odd(String sentence, DmarStructure... structures) {
    return Arguments.of(sentence, table(structures));
  }

  @ParameterizedTest
  @MethodSource("oddities")
  void oddityIsSaidInOneSentence(String sentence, Dmar table) {
    assertThat(Dmar.parse(table.toBytes()).findings()).containsExactly(sentence);
  }

  @Test
  void goodTableIsPassedInSilence() {
    assertThat(table(GRAPHICS, ALL, new Rmrr(0, 0x1000, 0x1FFF, List.of(TO_GPU))).findings())
        .isEmpty();
  }

  @Test
  void flagsOfTheTableMustMakeSense() {
    assertThat(Dmar.of(39, Dmar.X2APIC_OPT_OUT, List.of(ALL)).findings())
        .containsExactly(
            "The table asks not to use x2APIC, but offers no interrupt remapping to use it with.");
    assertThat(Dmar.of(20, 0x18, List.of(new Drhd(1, 0, 0, 0x9000, List.of()))).findings())
        .containsExactly(
            "The table tells of 20-bit physical addresses; processors have 32 to 52 bits.",
            "The table has reserved flags set: 18.");
  }

  @Test
  void lengthsAndReservedBytesOfTheBinaryAreChecked() {
    byte[] table = table(GRAPHICS, ALL).toBytes();
    table[40] = 1;
    table[9]--;
    assertThat(Dmar.parse(table).findings())
        .containsExactly("The reserved byte at offset 40 of the header is not zero.");
    byte[] scope = table(GRAPHICS, ALL).toBytes();
    int length = Dmar.HEADER_BYTES + 16 + 1;
    scope[length] = 40;
    scope[9] -= 32;
    assertThat(Dmar.parse(scope).findings().getFirst())
        .isEqualTo(
            "The device scope at offset 64 gives a length of 40 bytes where 8 are left; the rest of"
                + " the structure is skipped.");
  }

  // ---- against a machine -----------------------------------------------------------------------

  private static final PciTopology MACHINE =
      new PciTopology(
          List.of(
              new PciBridge(
                  SourceId.of(0, 0x1C, 0), "port", PciBridge.Kind.ROOT_PORT, 1, 1, true, false)),
          List.of(PciDevice.engine(SourceId.of(0, 2, 0)), PciDevice.engine(NIC)));

  private static List<String> on(DmarStructure... structures) {
    return table(structures).findingsOn(MACHINE, List.of(new AddressRange(0x10_0000, 0x4000_0000)));
  }

  @Test
  void tableThatFitsTheMachineIsPassedInSilence() {
    DeviceScope nic = DeviceScope.to(DeviceScope.ENDPOINT, 0, NIC, MACHINE);
    DeviceScope port = pci(DeviceScope.SUB_HIERARCHY, 0, 0x1C, 0);
    assertThat(nic.pathText()).isEqualTo("00:1c.0/00.0");
    assertThat(on(new Drhd(0, 0, 0, 0xFED9_0000L, List.of(nic, port)), ALL)).isEmpty();
  }

  @Test
  void scopesThatLeadNowhereAreSaid() {
    var steps = new DeviceScope.Step[] {new DeviceScope.Step(5, 0), new DeviceScope.Step(0, 0)};
    assertThat(
            on(
                new Drhd(
                    0,
                    0,
                    0,
                    0xFED9_0000L,
                    List.of(
                        pci(DeviceScope.ENDPOINT, 0, 9, 0),
                        path(DeviceScope.ENDPOINT, steps),
                        pci(DeviceScope.ENDPOINT, 0, 0x1C, 0),
                        pci(DeviceScope.SUB_HIERARCHY, 0, 2, 0))),
                ALL))
        .containsExactly(
            "A DRHD names 00:09.0, but there is no device at 00:09.0.",
            "A DRHD names 00:05.0/00.0, but the way there leads through a bridge that is not"
                + " there.",
            "A DRHD names 00:1c.0 as an endpoint, but a bridge is there.",
            "A DRHD names 00:02.0 as a bridge with all behind it, but no bridge is there.");
  }

  @Test
  void deviceThatNoUnitServesIsSaid() {
    assertThat(on(GRAPHICS))
        .containsExactly("No unit serves 01:00.0: what it asks of memory is not translated.");
  }

  @Test
  void reservedRegionMustBeReservedInTheMemoryMapToo() {
    assertThat(on(ALL, new Rmrr(0, 0x3FFF_F000L, 0x4000_0FFFL, List.of(TO_GPU))))
        .containsExactly(
            "The region 3ffff000-40000fff is reserved for devices, but the memory map lets the"
                + " operating system use it.");
    assertThat(on(ALL, new Rmrr(0, 0x4000_0000L, 0x4000_0FFFL, List.of(TO_GPU)))).isEmpty();
    assertThat(on(new Drhd(1, 0, 0, 0x2000_0000L, List.of())))
        .containsExactly("The registers of the unit at 20000000 lie where the machine has memory.");
  }

  @Test
  void requesterGoesToTheUnitThatListsItOrABridgeAboveIt() {
    var byPort =
        new Drhd(0, 0, 0, 0xFED9_0000L, List.of(pci(DeviceScope.SUB_HIERARCHY, 0, 0x1C, 0)));
    Dmar table = table(byPort, ALL);
    assertThat(table.unitFor(NIC, MACHINE)).contains(byPort);
    assertThat(table.unitFor(SourceId.of(0, 2, 0), MACHINE)).contains(ALL);
    assertThat(table.unitFor(NIC.inSegment(1), MACHINE)).isEmpty();
  }

  @Test
  void firstUnitThatListsARequesterServesIt() {
    DeviceScope nic = DeviceScope.to(DeviceScope.ENDPOINT, 0, NIC, MACHINE);
    var units = new ArrayList<DmarStructure>();
    units.add(new Drhd(0, 0, 0, 0xFED9_2000L, List.of(pci(DeviceScope.SUB_HIERARCHY, 0, 0x1C, 0))));
    units.add(new Drhd(0, 0, 0, 0xFED9_3000L, List.of(nic)));
    assertThat(Dmar.of(39, 0, units).unitFor(NIC, MACHINE)).contains((Drhd) units.getFirst());
  }
}
