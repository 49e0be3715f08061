package org.iommulab.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

class DmarTest {

  private static final DeviceScope NIC =
      DeviceScope.of(DeviceScope.ENDPOINT, 0, SourceId.of(0, 3, 0));
  private static final DmarStructure.Drhd UNIT =
      new DmarStructure.Drhd(1, 0, 0, 0xFED9_0000L, List.of());

  private static final DeviceScope NAMESPACE =
      DeviceScope.of(DeviceScope.NAMESPACE, 2, SourceId.of(0, 0x1E, 3));

  private static final Dmar FULL =
      Dmar.of(
          46,
          1,
          List.of(
              new DmarStructure.Drhd(0, 1, 0, 0xFED9_1000L, List.of(NIC, NAMESPACE)),
              UNIT,
              new DmarStructure.Rmrr(0, 0x7000_0000L, 0x700F_FFFFL, List.of(NIC)),
              new DmarStructure.Atsr(1, 0, List.of()),
              new DmarStructure.Rhsa(0xFED9_0000L, 1),
              new DmarStructure.Andd(2, "\\_SB.PC00.UAR0"),
              new DmarStructure.Satc(
                  1,
                  0,
                  List.of(
                      new DeviceScope(
                          DeviceScope.ENDPOINT,
                          0,
                          0,
                          0,
                          List.of(new DeviceScope.Step(0x1C, 0), new DeviceScope.Step(0, 0))))),
              new DmarStructure.Sidp(0, List.of(NIC))));

  @Test
  void whatIsBuiltIsReadBack() {
    DmarReading reading = Dmar.parse(FULL.toBytes());
    assertThat(reading.table()).contains(FULL);
    assertThat(reading.findings()).isEmpty();
  }

  @Test
  void builtTableSumsUpToZero() {
    int sum = 0;
    for (byte b : FULL.toBytes()) {
      sum += b;
    }
    assertThat(sum & 0xFF).isZero();
  }

  @Test
  void wrongChecksumIsSaid() {
    byte[] table = FULL.toBytes();
    table[9]++;
    assertThat(Dmar.parse(table).findings()).containsExactly("The DMAR checksum is wrong by 01.");
  }

  @Test
  void unitBehindTheOneThatTakesAllIsSaid() {
    Dmar table =
        Dmar.of(39, 0, List.of(UNIT, new DmarStructure.Drhd(0, 0, 0, 0xFED9_2000L, List.of(NIC))));
    assertThat(Dmar.parse(table.toBytes()).findings())
        .containsExactly(
            "The unit at fed92000 comes after the one that includes all other devices of segment"
                + " 0.");
  }

  @Test
  void reservedRegionsThatOverlapOrEndEarlyAreSaid() {
    Dmar table =
        Dmar.of(
            39,
            0,
            List.of(
                UNIT,
                new DmarStructure.Rmrr(0, 0x1000, 0x2FFF, List.of(NIC)),
                new DmarStructure.Rmrr(0, 0x2000, 0x3FFF, List.of(NIC)),
                new DmarStructure.Rmrr(0, 0x9000, 0x8FFF, List.of(NIC))));
    assertThat(Dmar.parse(table.toBytes()).findings())
        .containsExactly(
            "The reserved regions from 1000 and 2000 overlap.",
            "The reserved region from 9000 ends before it starts.");
  }

  @Test
  void structureOfLengthZeroEndsTheReading() {
    byte[] table = FULL.toBytes();
    table[Dmar.HEADER_BYTES + 2] = 0;
    DmarReading reading = Dmar.parse(table);
    assertThat(reading.table().orElseThrow().structures()).isEmpty();
    assertThat(String.join(" ", reading.findings())).contains("offset 48 gives a length of 0");
  }

  @Test
  void pathThroughABridgeUsesItsSecondaryBus() {
    DeviceScope scope = FULL.structures().get(6).scopes().getFirst();
    assertThat(scope.source(bridge -> SourceId.of(5, 0, 0))).isEqualTo(SourceId.of(5, 0, 0));
    assertThat(scope.pathText()).isEqualTo("00:1c.0/00.0");
  }

  @Test
  void noTableOfRandomDamageIsAnAccident() {
    byte[] whole = FULL.toBytes();
    for (int seed = 0; seed < 5_000; seed++) {
      var random = new Random(seed);
      byte[] table = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int i = random.nextInt(4); i > 0 && table.length > 0; i--) {
        table[random.nextInt(table.length)] = (byte) random.nextInt();
      }
      assertThat(Dmar.parse(table)).as("seed %d", seed).isNotNull();
    }
  }

  @Test
  void tableIsFoundThroughTheRootPointer() {
    PhysicalMemory memory = PhysicalMemory.ofSize(2 << 20);
    byte[] dmar = FULL.toBytes();
    memory.write(0x180000, dmar, 0, dmar.length);
    memory.write(0x190000, new byte[] {'R', 'S', 'D', 'T', 40, 0, 0, 0}, 0, 8);
    memory.writeDword(0x190024, 0x180000);
    byte[] pointer = "RSD PTR \0IOLAB \0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    memory.write(0xF5990, pointer, 0, pointer.length);
    memory.writeDword(0xF59A0, 0x190000);
    int sum = 0;
    for (int i = 0; i < 20; i++) {
      sum += memory.readDword(0xF5990 + i & ~3L) >>> (i & 3) * 8;
    }
    memory.write(0xF5998, new byte[] {(byte) -sum}, 0, 1);
    AcpiTables found = AcpiTables.find(memory).orElseThrow();
    assertThat(found.tables()).hasSize(1);
    assertThat(found.bytes(memory, "DMAR")).hasValue(dmar);
  }
}
