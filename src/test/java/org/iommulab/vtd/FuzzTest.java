package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.SourceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing that software or a device does makes the unit fail: the seed of a failure is its name.
 */
class FuzzTest {

  private static final int STEPS = 20_000;
  private static final int[] REGISTERS = {
    0x18, 0x18, 0x18, 0x20, 0x28, 0x2C, 0x34, 0x38, 0x64, 0x68, 0x6C, 0x70, 0x78, 0x80, 0x88, 0x88,
    0x88, 0x90, 0x9C, 0xA0, 0xB8, 0xF0, 0xF8, 0xFC, 0x22C, 0x228, 0xFFC, 0x1000
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anythingGoes(long seed) {
    Random random = new Random(seed);
    Rig rig = random.nextBoolean() ? Rig.spec() : Rig.qemu(Rig.options(true, true));
    rig.scalable(8);
    long top = rig.secondStage(0, random.nextInt(2) << 9);
    rig.map(top, 4, 0x1000, Rig.DATA | 3, 1, 3);
    rig.firstStage(1, 0);
    rig.start(1);
    rig.queue(0);
    assertThatCode(
            () -> {
              for (int i = 0; i < STEPS; i++) {
                step(rig, random);
              }
            })
        .as("seed %d", seed)
        .doesNotThrowAnyException();
  }

  private static void step(Rig rig, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> writeRegister(rig, random);
      case 1 -> rig.unit.read(random.nextInt(0x400) * 4, random.nextBoolean() ? 4 : 8);
      case 2 -> {
        long slot = 0x10_0000 + random.nextInt(0x2000) * 8L;
        long pointer = 0x10_0000 + random.nextInt(16) * 4096L | random.nextInt(4096);
        rig.memory.writeQword(slot, random.nextInt(3) == 0 ? random.nextLong() : pointer);
      }
      case 3 ->
          rig.unit.interrupt(
              random.nextInt(0x10000), 0xFEE0_0000L | random.nextInt(1 << 20), random.nextInt());
      case 4 -> rig.unit.translateFast(Rig.SID, address(random), 1 + random.nextInt(3));
      default -> request(rig, random);
    }
  }

  private static void writeRegister(Rig rig, Random random) {
    int offset = REGISTERS[random.nextInt(REGISTERS.length)];
    boolean wide = (offset & 7) == 0 && random.nextBoolean();
    long value = random.nextInt(3) == 0 ? random.nextLong() : 0x10_0000 + random.nextInt(0x10000);
    rig.unit.write(offset, wide ? 8 : 4, value);
    if (random.nextInt(4) == 0) {
      rig.start(random.nextInt(4));
    }
  }

  private static long address(Random random) {
    return random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(1 << 16);
  }

  private static void request(Rig rig, Random random) {
    Kind kind = Kind.values()[random.nextInt(4)];
    int source = random.nextInt(4) == 0 ? random.nextInt(0x10000) : Rig.SID;
    var access =
        DmaAccess.of(new SourceId(source), address(random), random.nextInt(64), kind)
            .withPasid(random.nextInt(4) - 1)
            .withPrivileged(random.nextBoolean())
            .withType(AddressType.values()[random.nextInt(3)]);
    switch (random.nextInt(3)) {
      case 0 -> rig.unit.trace(access);
      case 1 -> rig.unit.probe(access);
      default -> rig.unit.translate(access);
    }
    for (CacheLine line : rig.unit.iotlb()) {
      rig.unit.isStale(line);
    }
    for (CacheLine line : rig.unit.contextCache()) {
      rig.unit.isStale(line);
    }
    RemappingUnit.State state = rig.unit.save();
    rig.unit.restore(state);
  }
}
