package org.iommulab.bus.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.bus.Mmio;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The I/OAT engine, driven by byte offsets as a driver sees it. */
final class IoatEngineTest {

  private static final long CHAIN = 0x1000;
  private static final long SOURCE = 0x2000;
  private static final long TARGET = 0x3000;
  private static final long INTERRUPTS = 1L << 32;
  private static final long COMPLETES = 1L << 35;
  private static final long FILLS = 1L << 56;

  private final FakePort port = new FakePort();
  private final DeviceModel engine =
      DeviceModels.of(
              new PciDevice(SourceId.of(0, 6, 0), "dma", PciDevice.Kind.IOAT, PciDevice.MASK_64),
              port)
          .orElseThrow();
  private final Mmio registers = new RegisterWindow(engine, engine.registers());
  private final Mmio configuration = new RegisterWindow(engine, engine.configuration());

  @BeforeEach
  void sendMessages() {
    MessageCapability.set(engine, 0xFEE0_0000L, 0x31);
    registers.write(3, 1, 8);
    port.put(SOURCE, 0x1122_3344_5566_7788L, 5);
  }

  private void descriptor(long at, long head, long source, long target, long next) {
    port.put(at, head, source, target, next);
  }

  private void start(long chain, int count) {
    registers.write(0x90, 8, chain);
    registers.write(0x80, 2, 9);
    registers.write(0x86, 2, count);
    int steps = 0;
    while (steps < 100_000 && engine.step()) {
      steps++;
    }
  }

  private long status() {
    return registers.read(0x88, 8) & 7;
  }

  @Test
  void tellsItsVersionAndWhatItCanMove() {
    assertThat(registers.read(0, 4)).isEqualTo(0x0800_0C01);
    assertThat(registers.read(1, 1)).isEqualTo(12);
    assertThat(registers.read(8, 1)).isEqualTo(0x32);
    assertThat(status()).as("halted until it gets work").isEqualTo(3);
  }

  @Test
  void copiesByADescriptorThatPointsToItselfAsOftenAsItIsTold() {
    descriptor(CHAIN, 16, SOURCE, TARGET, CHAIN);
    start(CHAIN, 65_535);
    assertThat(status()).isEqualTo(1);
    assertThat(registers.read(0x88, 8)).isEqualTo(CHAIN | 1);
    assertThat(port.memory.readQword(TARGET)).isEqualTo(0x1122_3344_5566_7788L);
    assertThat(port.memory.readQword(TARGET + 8)).isEqualTo(5);
    assertThat(port.messages).isEmpty();
  }

  @Test
  void suspendedChannelTakesANewChain() {
    descriptor(CHAIN, 8, SOURCE, TARGET, CHAIN);
    start(CHAIN, 1);
    registers.write(0x84, 1, 4);
    assertThat(status()).isEqualTo(2);
    registers.write(0x86, 2, 5);
    assertThat(engine.step()).as("only a new chain or RESUME wakes it").isFalse();
    descriptor(CHAIN, 8, SOURCE, TARGET + 64, CHAIN);
    start(CHAIN, 1);
    assertThat(port.memory.readQword(TARGET + 64)).isEqualTo(0x1122_3344_5566_7788L);
    registers.write(0x84, 1, 4);
    registers.write(0x86, 2, 2);
    registers.write(0x84, 1, 16);
    assertThat(engine.step()).isTrue();
    assertThat(status()).isEqualTo(1);
  }

  @Test
  void interruptsOnceForEachTimeItIsAllowed() {
    descriptor(CHAIN, 8 | INTERRUPTS, SOURCE, TARGET, CHAIN);
    start(CHAIN, 3);
    assertThat(port.messages).containsExactly(0xFEE0_0000L << 16 | 0x31);
    assertThat(registers.read(3, 1)).as("wants attention").isEqualTo(8 | 2);
    registers.write(0x80, 2, 9);
    assertThat(registers.read(3, 1)).isEqualTo(8);
    start(CHAIN, 1);
    assertThat(port.messages).hasSize(2);
  }

  @Test
  void pinFollowsTheMasterEnable() {
    descriptor(CHAIN, 8 | INTERRUPTS, SOURCE, TARGET, CHAIN);
    registers.write(3, 1, 1);
    start(CHAIN, 1);
    assertThat(engine.wantsAttention()).isTrue();
    registers.write(3, 1, 0);
    assertThat(engine.wantsAttention()).isFalse();
    registers.write(3, 1, 1);
    registers.write(0x80, 2, 1);
    assertThat(engine.wantsAttention()).isFalse();
  }

  @Test
  void abortedReadHaltsItUntilTheErrorIsCleared() {
    port.allowed = address -> address < SOURCE || address >= TARGET;
    descriptor(CHAIN, 8, SOURCE, TARGET, CHAIN);
    start(CHAIN, 1);
    assertThat(status()).isEqualTo(3);
    assertThat(registers.read(0xA8, 4)).isEqualTo(1 << 8);
    assertThat(configuration.read(0x180, 4)).isEqualTo(1 << 8);
    port.allowed = address -> true;
    start(CHAIN, 1);
    assertThat(status()).as("the error is still there").isEqualTo(3);
    registers.write(0xA8, 4, 1 << 8);
    configuration.write(0x180, 4, 1 << 8);
    assertThat(configuration.read(0x180, 4)).isZero();
    start(CHAIN, 1);
    assertThat(status()).isEqualTo(1);
  }

  @Test
  void whatMakesNoSenseHalts() {
    descriptor(CHAIN, 8 | 0x87L << 56, SOURCE, TARGET, CHAIN);
    start(CHAIN, 1);
    assertThat(registers.read(0xA8, 4)).as("no xor").isEqualTo(1 << 10);
    registers.write(0xA8, 4, -1);
    descriptor(CHAIN, 4097, SOURCE, TARGET, CHAIN);
    start(CHAIN, 1);
    assertThat(registers.read(0xA8, 4)).as("too long").isEqualTo(1 << 11);
    registers.write(0xA8, 4, -1);
    start(CHAIN + 8, 1);
    assertThat(registers.read(0xA8, 4)).as("not at 64 bytes").isEqualTo(1 << 4);
    registers.write(0xA8, 4, -1);
    start(1L << 40, 1);
    assertThat(registers.read(0xA8, 4)).as("no memory there").isEqualTo(1 << 2);
    registers.write(0xA8, 4, -1);
    registers.write(0x84, 1, 6);
    assertThat(registers.read(0xA8, 4)).as("two commands").isEqualTo(1 << 5);
  }

  @Test
  void fillsMemoryAndWritesItsCompletion() {
    descriptor(CHAIN, 24 | FILLS | COMPLETES, 0xABCDL, TARGET, CHAIN);
    registers.write(0x98, 4, TARGET + 0x100);
    registers.write(0x9C, 4, 0);
    start(CHAIN, 1);
    assertThat(port.memory.readQword(TARGET + 16)).isEqualTo(0xABCDL);
    assertThat(port.memory.readQword(TARGET + 0x100)).isEqualTo(CHAIN | 1);
  }

  @Test
  void resetHaltsAndForgetsTheChain() {
    descriptor(CHAIN, 8, SOURCE, TARGET, CHAIN);
    start(CHAIN, 1);
    registers.write(0x84, 1, 0x20);
    assertThat(registers.read(0x84, 1)).isZero();
    assertThat(status()).isEqualTo(3);
    registers.write(0x86, 2, 4);
    assertThat(engine.step()).isFalse();
  }

  @Test
  void halvesOfARegisterAreWrittenOneByOne() {
    registers.write(0x90, 4, 0x5555_6666);
    registers.write(0x94, 4, 0x1111_2222);
    assertThat(registers.read(0x90, 8)).isEqualTo(0x1111_2222_5555_6666L);
    registers.write(0x93, 1, 0xAB);
    assertThat(registers.read(0x90, 4)).isEqualTo(0xAB55_6666L);
    assertThat(registers.read(0x40, 8)).as("nothing there").isZero();
  }
}
