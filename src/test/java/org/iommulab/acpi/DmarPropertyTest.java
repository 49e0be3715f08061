package org.iommulab.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.Test;

/** Random tables, and tables of real firmware: what is written is what is read. */
final class DmarPropertyTest {

  private static final int SEEDS = 2000;

  private final Random random = new Random();

  private Dmar table(long seed) {
    random.setSeed(seed);
    var header =
        new DmarHeader(
            random.nextInt(256), text(6), text(8), random.nextInt(), text(4), random.nextInt());
    var structures = new ArrayList<DmarStructure>();
    for (int i = random.nextInt(8); i > 0; i--) {
      structures.add(structure());
    }
    return new Dmar(header, 1 + random.nextInt(64), random.nextInt(256), structures);
  }

  private String text(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('A' + random.nextInt(26)));
    }
    return text.toString();
  }

  private int u8() {
    return random.nextInt(256);
  }

  private int u16() {
    return random.nextInt(0x10000);
  }

  private DmarStructure structure() {
    return switch (random.nextInt(8)) {
      case 0 -> new DmarStructure.Drhd(u8(), u8(), u16(), random.nextLong(), scopes());
      case 1 -> new DmarStructure.Rmrr(u16(), random.nextLong(), random.nextLong(), scopes());
      case 2 -> new DmarStructure.Atsr(u8(), u16(), scopes());
      case 3 -> new DmarStructure.Rhsa(random.nextLong(), random.nextInt());
      case 4 -> new DmarStructure.Andd(u8(), text(random.nextInt(20)), random.nextInt(4));
      case 5 -> new DmarStructure.Satc(u8(), u16(), scopes());
      case 6 -> new DmarStructure.Sidp(u16(), scopes());
      default -> {
        byte[] body = new byte[random.nextInt(20)];
        random.nextBytes(body);
        yield new DmarStructure.Unknown(7 + random.nextInt(100), body);
      }
    };
  }

  private List<DeviceScope> scopes() {
    var scopes = new ArrayList<DeviceScope>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var path = new ArrayList<DeviceScope.Step>();
      for (int step = 1 + random.nextInt(4); step > 0; step--) {
        path.add(new DeviceScope.Step(u8(), u8()));
      }
      scopes.add(new DeviceScope(u8(), u8(), u8(), u8(), path));
    }
    return scopes;
  }

  @Test
  void everyTableIsReadBackAsItWasBuilt() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Dmar table = table(seed);
      assertThat(Dmar.parse(table.toBytes()).table()).as("seed %d", seed).contains(table);
    }
  }

  @Test
  void damageIsSaidAndNeverAnAccident() {
    for (long seed = 0; seed < SEEDS; seed++) {
      byte[] bytes = table(seed).toBytes();
      int at = random.nextInt(bytes.length);
      int change = 1 + random.nextInt(255);
      bytes[at] = (byte) (bytes[at] ^ change);
      DmarReading reading = Dmar.parse(bytes);
      assertThat(reading.findings()).as("seed %d, byte %d", seed, at).isNotEmpty();
    }
  }

  @Test
  void tablesOfRealFirmwareComeOutByteForByte() throws IOException {
    var folder = Shared.folder("captures");
    if (folder.isPresent()) {
      try (var files = Files.walk(folder.get())) {
        for (Path file : files.filter(path -> path.endsWith("DMAR.bin")).sorted().toList()) {
          byte[] bytes = Files.readAllBytes(file);
          DmarReading reading = Dmar.parse(bytes);
          assertThat(reading.findings()).as(file.toString()).isEmpty();
          assertThat(reading.table().orElseThrow().toBytes()).as(file.toString()).isEqualTo(bytes);
        }
      }
    }
  }
}
