package org.iommulab.bus.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.zip.CRC32;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The 82576, driven by byte offsets as a driver sees it. */
final class IgbCardTest {

  private static final long SENDS = 0x1000;
  private static final long RECEIVES = 0x2000;
  private static final long FRAME = 0x3000;
  private static final long BUFFER = 0x5000;
  private static final long ENABLE = 1 << 25;
  private static final long DATA = 0x2030_0000L;
  private static final long LAST = 0x0100_0000L;
  private static final long REPORTS = 0x0800_0000L;
  private static final long LOOPBACK_OF_PHY = 0x0420_4140L;
  private static final long ON_THE_WIRE = 0x0420_1140L;
  private static final long PROMISCUOUS = 1 << 3;
  private static final long STRIPS_CRC = 1 << 26;

  private static final PciDevice.Abilities PLUGGED =
      new PciDevice.Abilities(false, false, 0, true, List.of(), null, true);

  private final FakePort port = new FakePort();
  private DeviceModel card = card(PciDevice.Abilities.PLAIN);
  private Mmio registers = new RegisterWindow(card, card.registers());

  @BeforeEach
  void setUp() {
    MessageCapability.set(card, 0xFEE0_0000L, 0x31);
    put(0x20, LOOPBACK_OF_PHY);
    put(0x3800, SENDS);
    put(0x3808, 128);
    put(0x3828, ENABLE);
    put(0x2800, RECEIVES);
    put(0x2808, 128);
    put(0x280C, 1 << 25);
    put(0x2828, ENABLE);
    put(0x400, 0xA);
    put(0x100, 2 | PROMISCUOUS | STRIPS_CRC);
    for (int i = 0; i < 8; i++) {
      port.put(RECEIVES + 16 * i, BUFFER + 0x1000L * i, 0);
    }
    for (int i = 0; i < 512; i++) {
      port.put(FRAME + 8L * i, 0x0101_0101_0101_0100L * (i & 15) + i);
    }
  }

  private DeviceModel card(PciDevice.Abilities abilities) {
    SourceId source = SourceId.of(0, 7, 0);
    return DeviceModels.of(
            new PciDevice(source, "igb", PciDevice.Kind.IGB, PciDevice.MASK_64, abilities), port)
        .orElseThrow();
  }

  private void put(int offset, long value) {
    registers.write(offset, 4, value);
  }

  private long get(int offset) {
    return registers.read(offset, 4);
  }

  private void descriptor(int index, long address, int bytes, long rest) {
    port.put(SENDS + 16L * index, address, bytes | rest);
  }

  private void send(int tail) {
    put(0x3818, tail);
    int steps = 0;
    while (steps < 1000 && card.step()) {
      steps++;
    }
  }

  @Test
  void queuesWorkOnlyWhileTheWholeHalfDoes() {
    assertThat(get(0x3828) & ENABLE).isEqualTo(ENABLE);
    put(0x400, 0);
    assertThat(get(0x3828) & ENABLE).isZero();
    put(0x400, 2);
    assertThat(get(0x3828) & ENABLE).as("the queue was asked for").isEqualTo(ENABLE);
  }

  @Test
  void frameComesBackByThePhyWithBothDescriptorsDone() {
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST | REPORTS);
    send(1);
    assertThat(port.memory.readQword(BUFFER + 56)).isEqualTo(port.memory.readQword(FRAME + 56));
    assertThat(port.memory.readQword(RECEIVES)).isZero();
    assertThat(port.memory.readQword(RECEIVES + 8)).isEqualTo(64L << 32 | 3);
    assertThat(port.memory.readQword(SENDS + 8) >>> 32).isEqualTo(1);
    assertThat(get(0x3810)).isEqualTo(1);
    assertThat(get(0x2810)).isEqualTo(1);
  }

  @Test
  void frameComesBackByTheMacAndByAPlug() {
    put(0x20, ON_THE_WIRE);
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST);
    send(1);
    assertThat(get(0x2810)).as("it has left").isZero();
    put(0x100, 2 | 1 << 6 | PROMISCUOUS | STRIPS_CRC);
    descriptor(1, FRAME, 64, DATA | LAST);
    send(2);
    assertThat(get(0x2810)).as("by the MAC").isEqualTo(1);
    card = card(PLUGGED);
    registers = new RegisterWindow(card, card.registers());
    setUp();
    put(0x20, ON_THE_WIRE);
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST);
    descriptor(1, FRAME, 64, DATA | LAST);
    send(2);
    assertThat(get(0x2810)).as("by the plug").isEqualTo(2);
    assertThat(card.output()).as("it was seen outside").isPresent();
  }

  @Test
  void frameOfSeveralPiecesIsOne() {
    put(0x2818, 7);
    descriptor(0, FRAME, 40, DATA);
    descriptor(1, FRAME + 0x100, 40, DATA | LAST);
    send(2);
    assertThat(port.memory.readQword(RECEIVES + 8)).isEqualTo(80L << 32 | 3);
    assertThat(port.memory.readQword(BUFFER + 40)).isEqualTo(port.memory.readQword(FRAME + 0x100));
  }

  @Test
  void longFrameTakesSeveralBuffers() {
    put(0x2818, 7);
    descriptor(0, FRAME, 3000, DATA | LAST);
    send(1);
    assertThat(port.memory.readQword(RECEIVES + 8)).isEqualTo(2048L << 32 | 1);
    assertThat(port.memory.readQword(RECEIVES + 24)).isEqualTo(952L << 32 | 3);
    assertThat(get(0x2810)).isEqualTo(2);
  }

  @Test
  void checkSumIsStoredUnlessItIsStripped() {
    put(0x100, 2 | PROMISCUOUS);
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST);
    send(1);
    byte[] bytes = new byte[64];
    port.memory.read(FRAME, bytes, 0, 64);
    var sum = new CRC32();
    sum.update(bytes);
    assertThat(port.memory.readQword(RECEIVES + 8)).isEqualTo(68L << 32 | 3);
    assertThat(port.memory.readQword(BUFFER + 64) & 0xFFFF_FFFFL).isEqualTo(sum.getValue());
  }

  @Test
  void frameForSomebodyElseIsNotTaken() {
    put(0x100, 2 | STRIPS_CRC);
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST);
    send(1);
    assertThat(get(0x2810)).isZero();
    put(0x5400, port.memory.readQword(FRAME) & 0xFFFF_FFFFL);
    put(0x5404, 0x8000_0000L | port.memory.readQword(FRAME) >>> 32 & 0xFFFF);
    descriptor(1, FRAME, 64, DATA | LAST);
    send(2);
    assertThat(get(0x2810)).as("it is for the card's own address").isEqualTo(1);
  }

  @Test
  void frameWithoutADescriptorIsCountedAndLost() {
    descriptor(0, FRAME, 64, DATA | LAST);
    send(1);
    assertThat(card.register("MPC").map(card::read)).as("looking clears nothing").contains(1L);
    assertThat(get(0x4010)).isEqualTo(1);
    assertThat(get(0x4010)).as("a driver's reading does").isZero();
    assertThat(get(0x2810)).isZero();
  }

  @Test
  void vectorIsMaskedByItsOwnMessage() {
    put(0x1514, 0x4000_0010);
    put(0x152C, 1);
    put(0x1530, 1);
    put(0x1700, 0x80);
    put(0x1524, 1);
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST);
    descriptor(1, FRAME, 64, DATA | LAST);
    send(2);
    assertThat(port.messages).hasSize(1);
    assertThat(get(0x1524)).isZero();
    assertThat(get(0x1580)).as("the second frame's cause waits").isEqualTo(1);
    put(0x1524, 1);
    assertThat(port.messages).hasSize(2);
    put(0x1524, 1);
    put(0x1520, 1);
    assertThat(port.messages).as("a driver can ask for one").hasSize(3);
  }

  @Test
  void settingsAndPhyAreWhatDriversLookFor() {
    long sum = 0;
    for (int word = 0; word < 0x40; word++) {
      put(0x14, word << 2 | 1);
      assertThat(get(0x14) & 2).as("done").isNotZero();
      sum += get(0x14) >>> 16;
    }
    assertThat(sum & 0xFFFF).isEqualTo(0xBABA);
    put(0x20, 0x0822_0000L);
    assertThat(get(0x20) & 0xFFFF).isEqualTo(0x02A8);
    put(0x5B50, 2);
    assertThat(get(0x5B50)).isEqualTo(2);
  }

  @Test
  void abortedReadStopsTheCardUntilItIsReset() {
    put(0x2818, 7);
    descriptor(0, 0x7000_0000L, 64, DATA | LAST);
    send(1);
    descriptor(1, FRAME, 64, DATA | LAST);
    send(2);
    assertThat(get(0x2810)).isZero();
    assertThat(card.activity()).contains("aborted");
    put(0x0, 1L << 26);
    assertThat(get(0x0) & 1L << 26).as("reads as zero when done").isZero();
    assertThat(get(0x10) & 1 << 9).as("settings are loaded").isNotZero();
    setUp();
    put(0x2818, 7);
    descriptor(0, FRAME, 64, DATA | LAST);
    send(1);
    assertThat(get(0x2810)).isEqualTo(1);
  }
}
