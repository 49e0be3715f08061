package org.iommulab.bus.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An NVMe disk with its queues in memory.
 *
 * <pre>
 *   1000 admin submissions   2000 admin completions   3000 I/O submissions   4000 I/O completions
 * </pre>
 */
final class NvmeTest {

  private static final long ASQ = 0x1000;
  private static final long ACQ = 0x2000;
  private static final long SQ = 0x3000;
  private static final long CQ = 0x4000;
  private static final long BUFFER = 0x10000;
  private static final long BLOCK_7 = 0xD15C_0000_0000_0007L;

  private final FakePort port = new FakePort();
  private final DeviceModel disk =
      DeviceModels.of(
              new PciDevice(SourceId.of(0, 3, 0), "nvme", PciDevice.Kind.NVME, PciDevice.MASK_64),
              port)
          .orElseThrow();
  private int adminTail;
  private int ioTail;

  private void set(String register, long value) {
    disk.write(disk.register(register).orElseThrow(), value);
  }

  private long get(String register) {
    return disk.read(disk.register(register).orElseThrow());
  }

  @BeforeEach
  void bringUp() {
    set("AQA", 0x000F_000F);
    set("ASQ", ASQ);
    set("ACQ", ACQ);
    set("CC", 0x0046_0001);
    assertThat(get("CSTS")).isEqualTo(1);
    assertThat(admin(0x05, CQ, 0, 0x0007_0001, 1)).isZero();
    assertThat(admin(0x01, SQ, 0, 0x0007_0001, 0x0001_0001)).isZero();
  }

  private static void entry(FakePort port, long at, int opcode, int id, long... words) {
    port.put(at, opcode | (long) id << 16 | 1L << 32, 0, 0, words[0], words[1], words[2], words[3]);
  }

  /** Submits an admin command and answers its status. */
  private int admin(int opcode, long prp1, long prp2, int cdw10, int cdw11) {
    int slot = adminTail;
    entry(
        port,
        ASQ + slot * 64L,
        opcode,
        slot,
        prp1,
        prp2,
        cdw10 & 0xFFFF_FFFFL | (long) cdw11 << 32,
        0);
    adminTail = (adminTail + 1) % 16;
    set("SQ0TDBL", adminTail);
    run();
    set("CQ0HDBL", adminTail);
    return status(ACQ + slot * 16L);
  }

  /** Submits a read or write and answers its status. */
  private int io(int opcode, long prp1, long prp2, long block, int blocks) {
    int slot = ioTail;
    entry(port, SQ + slot * 64L, opcode, 0x100 + slot, prp1, prp2, block, blocks - 1);
    ioTail = (ioTail + 1) % 8;
    set("SQ1TDBL", ioTail);
    run();
    set("CQ1HDBL", ioTail);
    return status(CQ + slot * 16L);
  }

  private void run() {
    int steps = 0;
    while (steps < 100 && disk.step()) {
      steps++;
    }
  }

  private int status(long at) {
    return (int) (port.memory.readQword(at + 8) >>> 49);
  }

  @Test
  void identifyTellsWhatTheControllerIs() {
    assertThat(admin(0x06, BUFFER, 0, 1, 0)).isZero();
    byte[] name = new byte[14];
    port.memory.read(BUFFER + 24, name, 0, 14);
    assertThat(new String(name, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("IOMMU Lab disk");
  }

  @Test
  void readingBringsTheBlocksOfTheDisk() {
    assertThat(io(2, BUFFER, 0, 7, 2)).isZero();
    assertThat(port.memory.readQword(BUFFER)).isEqualTo(BLOCK_7);
    assertThat(port.memory.readQword(BUFFER + 512)).isEqualTo(BLOCK_7 + 1);
  }

  @Test
  void whatWasWrittenIsReadBack() {
    port.put(BUFFER, 0x42);
    assertThat(io(1, BUFFER, 0, 9, 1)).isZero();
    assertThat(io(2, BUFFER + 0x1000, 0, 9, 1)).isZero();
    assertThat(port.memory.readQword(BUFFER + 0x1000)).isEqualTo(0x42);
  }

  @Test
  void secondPointerIsTheSecondPage() {
    assertThat(io(2, BUFFER + 0xE00, 0x20000, 0, 9)).isZero();
    assertThat(port.memory.readQword(BUFFER + 0xE00)).isEqualTo(0xD15C_0000_0000_0000L);
    assertThat(port.memory.readQword(0x20000)).isEqualTo(0xD15C_0000_0000_0001L);
    assertThat(port.memory.readQword(0x20000 + 7 * 512)).isEqualTo(0xD15C_0000_0000_0008L);
  }

  @Test
  void longTransfersFollowTheListAndItsNextPage() {
    // The list starts two entries before the end of its page: one page, then the next list.
    port.put(0x5FF0, 0x30000, 0x6000);
    port.put(0x6000, 0x31000, 0x32000);
    assertThat(io(2, BUFFER, 0x5FF0, 0, 32)).isZero();
    assertThat(port.memory.readQword(0x30000)).isEqualTo(0xD15C_0000_0000_0008L);
    assertThat(port.memory.readQword(0x31000)).isEqualTo(0xD15C_0000_0000_0010L);
    assertThat(port.memory.readQword(0x32000)).isEqualTo(0xD15C_0000_0000_0018L);
  }

  @Test
  void abortedDataReadEndsTheWriteWithATransferError() {
    port.allowed = address -> address != BUFFER;
    assertThat(io(1, BUFFER, 0, 9, 1)).isEqualTo(0x04);
    assertThat(get("ERRADDR")).isEqualTo(BUFFER);
    port.allowed = address -> true;
    assertThat(io(2, BUFFER, 0, 9, 1)).isZero();
    assertThat(port.memory.readQword(BUFFER)).isEqualTo(0xD15C_0000_0000_0009L);
  }

  @Test
  void refusedDataWriteIsLostAndTheReadSucceeds() {
    port.allowed = address -> address != BUFFER;
    assertThat(io(2, BUFFER, 0, 9, 1)).isZero();
    assertThat(port.memory.readQword(BUFFER)).isZero();
  }

  @Test
  void listThatCannotBeReadIsATransferError() {
    port.allowed = address -> address != 0x6000;
    assertThat(io(2, BUFFER, 0x6000, 0, 32)).isEqualTo(0x04);
    assertThat(get("ERRADDR")).isEqualTo(0x6000);
  }

  @Test
  void queueThatCannotBeReadIsFatalUntilTheControllerIsDisabled() {
    port.allowed = address -> address != SQ;
    io(2, BUFFER, 0, 0, 1);
    assertThat(get("CSTS")).isEqualTo(3);
    assertThat(disk.step()).isFalse();
    set("CC", 0);
    assertThat(get("CSTS")).isZero();
  }

  @Test
  void phaseOfCompletionsChangesWithEveryRound() {
    for (int i = 0; i < 8; i++) {
      io(0, 0, 0, 0, 1);
      assertThat(port.memory.readQword(CQ + i * 16L + 8) >>> 48 & 1).isEqualTo(1);
    }
    io(0, 0, 0, 0, 1);
    assertThat(port.memory.readQword(CQ + 8) >>> 48 & 1).isZero();
  }

  @Test
  void fullCompletionQueueHoldsTheDiskBack() {
    for (int i = 0; i < 8; i++) {
      entry(port, SQ + i * 64L, 0, i, 0, 0, 0, 0);
    }
    set("SQ1TDBL", 7);
    run();
    assertThat(port.memory.readQword(CQ + 6 * 16L + 8)).isNotZero();
    entry(port, SQ + 7 * 64L, 0, 7, 0, 0, 0, 0);
    set("SQ1TDBL", 0);
    assertThat(disk.step()).isFalse();
    set("CQ1HDBL", 1);
    assertThat(disk.step()).isTrue();
  }

  @Test
  void mistakesHaveTheirStatus() {
    assertThat(io(2, BUFFER, 0x20001, 0, 9)).isEqualTo(0x13);
    assertThat(io(2, BUFFER, 0, 1L << 30, 1)).isEqualTo(0x80);
    assertThat(io(0x55, BUFFER, 0, 0, 1)).isEqualTo(0x01);
    assertThat(admin(0x55, 0, 0, 0, 0)).isEqualTo(0x01);
    assertThat(admin(0x05, CQ, 0, 0x0007_0001, 1)).isEqualTo(0x101);
    assertThat(admin(0x06, BUFFER, 0, 9, 0)).isEqualTo(0x02);
  }
}
