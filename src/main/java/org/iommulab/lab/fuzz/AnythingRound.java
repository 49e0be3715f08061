package org.iommulab.lab.fuzz;

import java.util.Optional;
import java.util.Random;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.request.Translation;

/**
 * Anything software or a device can do, sensible or not: registers, tables, descriptors, requests
 * of every kind, interrupts. Nothing may fail, and no fault may get lost.
 */
final class AnythingRound extends Round {

  private static final int REGISTERS = 0x1000;
  private static final int[] BUSY = {
    0x18, 0x18, 0x18, 0x20, 0x28, 0x2C, 0x34, 0x38, 0x64, 0x68, 0x6C, 0x70, 0x78, 0x80, 0x88, 0x88,
    0x88, 0x90, 0x9C, 0xA0, 0xB8, 0xC0, 0xC8, 0xD0, 0xDC, 0xE0, 0xF0, 0xF8, 0xFC, 0x228, 0x22C
  };

  private final Scene scene;
  private final Driver driver;
  private final RemappingUnit unit;
  private final FuzzRules rules;

  AnythingRound(Random random, UnitConfiguration configuration) {
    super(random);
    boolean scalable =
        NaiveWalker.bits(configuration.capabilities().ecap(), 43, 43) == 1 && random.nextBoolean();
    scene = new Scene(random, scalable, configuration.capabilities());
    driver = new Driver(configuration, scene.memory);
    unit = driver.unit;
    rules = new FuzzRules(driver, configuration.has(Quirk.FAULTS_COLLAPSE_BY_REQUESTER));
    driver.start(scalable);
  }

  @Override
  String subject() {
    return "anything, on a unit like " + unit.configuration().profile();
  }

  @Override
  Optional<String> step() {
    switch (random.nextInt(12)) {
      case 0, 1 -> writeRegister();
      case 2 -> unit.read(random.nextInt(REGISTERS / 4) * 4, 4);
      case 3 -> scene.change();
      case 4 ->
          scene.memory.writeQword(
              Scene.ROOT + random.nextInt(0x2000) * 8L,
              random.nextInt(3) == 0 ? random.nextLong() : pointer());
      case 5 -> driver.submit(descriptor(), random.nextInt(3) == 0 ? random.nextLong() : pointer());
      case 6 -> unit.interrupt(source(), interruptAddress(), random.nextInt());
      case 7 -> look();
      case 8 -> again();
      case 9 -> unit.translateFast(source(), address(), 1 + random.nextInt(3));
      default -> {
        return request();
      }
    }
    return rules.countsAddUp();
  }

  private void writeRegister() {
    int offset =
        random.nextInt(8) == 0
            ? random.nextInt(REGISTERS / 4) * 4
            : BUSY[random.nextInt(BUSY.length)];
    boolean wide = (offset & 7) == 0 && random.nextBoolean();
    unit.write(offset, wide ? 8 : 4, random.nextInt(3) == 0 ? random.nextLong() : pointer());
  }

  private long pointer() {
    return Scene.ROOT + random.nextInt(16) * 4096L | random.nextInt(4096);
  }

  private long descriptor() {
    return random.nextInt(12) | (long) random.nextInt(4) << 4 | (long) random.nextInt(8) << 16;
  }

  private long interruptAddress() {
    return random.nextInt(8) == 0 ? random.nextLong() : 0xFEE0_0000L | random.nextInt(1 << 20);
  }

  private int source() {
    return random.nextInt(4) == 0
        ? random.nextInt(0x10000)
        : Scene.SOURCES[random.nextInt(Scene.SOURCES.length)];
  }

  private long address() {
    return random.nextInt(4) == 0 ? random.nextLong() : scene.address();
  }

  private Optional<String> request() {
    var access =
        DmaAccess.of(
                new SourceId(source()),
                address(),
                random.nextInt(64),
                DmaAccess.Kind.values()[random.nextInt(4)])
            .withPasid(
                new Pasid(random.nextInt(4) == 0 ? random.nextInt(1 << 20) : random.nextInt(5) - 1))
            .withPrivileged(random.nextBoolean())
            .withType(AddressType.values()[random.nextInt(3)]);
    boolean hadOverflowed = driver.hasOverflowed();
    Translation answer = random.nextInt(8) == 0 ? traced(access) : unit.translate(access);
    return rules.faultIsKept(access, answer, hadOverflowed).or(rules::countsAddUp);
  }

  private Translation traced(DmaAccess access) {
    unit.probe(access);
    return (Translation) unit.trace(access).outcome();
  }

  private void look() {
    for (CacheLine line : unit.iotlb()) {
      unit.isStale(line);
    }
    for (CacheLine line : unit.contextCache()) {
      unit.isStale(line);
    }
    unit.pagingCache();
    unit.interruptCache();
    driver.clearFaults();
  }

  private void again() {
    if (random.nextInt(20) == 0) {
      unit.reset();
      driver.start(scene.isScalable());
    }
  }
}
