package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.NOWHERE;
import static org.iommulab.vtd.Rig.SID;

import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.InterruptOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interrupt remapping and posting: messages, source checks, every fault reason. */
class InterruptFaultTest {

  private static final long REMAPPABLE = 0xFEE0_0010L;
  private static final long SUBHANDLE = 8;

  private final Rig rig =
      new Rig(Profiles.spec(Rig.everything()).withInterruptCache(CacheGeometry.none()));
  private long table;

  @BeforeEach
  void enable() {
    table = rig.table();
    start(table | 1 << 11 | 3);
  }

  private void start(long register) {
    rig.unit.write(0xB8, 8, register);
    rig.command(1L << 24);
    rig.enable(1L << 25);
  }

  private void entry(int index, long low, long high) {
    rig.set(table + 16L * index, low, high);
  }

  private InterruptOutcome send(int index) {
    return rig.unit.interrupt(SID, REMAPPABLE | (long) index << 5, 0);
  }

  private static FaultReason reason(InterruptOutcome outcome) {
    return outcome instanceof InterruptOutcome.Blocked blocked ? blocked.reason() : null;
  }

  @Test
  void entryBecomesAMessage() {
    entry(2, 0x0000_0312_0041_0001L, 0);
    assertThat(send(2)).isEqualTo(new InterruptOutcome.Delivered(0x300_FEE1_2000L, 0x4041, 2));
    assertThat(rig.messages).hasSize(1);
  }

  @Test
  void subhandleSelectsTheEntry() {
    entry(3, 0x43_0001, 0);
    var outcome = rig.unit.interrupt(SID, REMAPPABLE | SUBHANDLE | 1 << 5, 2);
    assertThat(outcome).isInstanceOf(InterruptOutcome.Delivered.class);
  }

  @Test
  void reservedRequestBits() {
    assertThat(reason(rig.unit.interrupt(SID, REMAPPABLE | SUBHANDLE, 0x1_0000)))
        .isEqualTo(FaultReason.INTERRUPT_REQUEST_RESERVED);
  }

  @Test
  void indexBeyondTable() {
    assertThat(reason(send(16))).isEqualTo(FaultReason.INTERRUPT_INDEX_BEYOND_TABLE);
  }

  @Test
  void absentEntryAndItsFaultDisable() {
    assertThat(send(1))
        .isEqualTo(new InterruptOutcome.Blocked(FaultReason.IRTE_NOT_PRESENT, 1, true));
    entry(1, 2, 0);
    assertThat(send(1))
        .isEqualTo(new InterruptOutcome.Blocked(FaultReason.IRTE_NOT_PRESENT, 1, false));
  }

  @Test
  void unreadableTable() {
    start(NOWHERE | 3);
    assertThat(reason(send(0))).isEqualTo(FaultReason.IRTE_UNREADABLE);
  }

  @Test
  void reservedEntryBits() {
    entry(0, 0x41_1001, 0);
    assertThat(reason(send(0))).isEqualTo(FaultReason.IRTE_RESERVED);
  }

  @Test
  void wideDestinationNeedsExtendedMode() {
    start(table | 3);
    entry(0, 0x0000_0100_0041_0001L, 0);
    assertThat(reason(send(0))).isNull();
    entry(0, 0x0001_0000_0041_0001L, 0);
    assertThat(reason(send(0))).isEqualTo(FaultReason.IRTE_RESERVED);
  }

  @Test
  void compatibilityInterruptIsBlocked() {
    assertThat(reason(rig.unit.interrupt(SID, 0xFEE0_0000L, 0x41)))
        .isEqualTo(FaultReason.COMPATIBILITY_INTERRUPT_BLOCKED);
  }

  @Test
  void sourceIsCompared() {
    entry(0, 0x41_0001, 1L << 18 | SID);
    assertThat(reason(send(0))).isNull();
    entry(0, 0x41_0001, 1L << 18 | SID + 1);
    assertThat(reason(send(0))).isEqualTo(FaultReason.INTERRUPT_SOURCE_REJECTED);
    entry(0, 0x41_0001, 1L << 18 | 3L << 16 | SID + 1);
    assertThat(reason(send(0))).isNull();
  }

  @Test
  void busRangeGoesFromTheUpperToTheLowerByte() {
    entry(0, 0x41_0001, 2L << 18 | 0x0002);
    assertThat(reason(send(0))).isNull();
    entry(0, 0x41_0001, 2L << 18 | 0x0102);
    assertThat(reason(send(0))).isEqualTo(FaultReason.INTERRUPT_SOURCE_REJECTED);
  }

  @Test
  void postedInterruptIsNotedAndNotifies() {
    long descriptor = rig.table();
    rig.set(descriptor + 32, 0xF2L << 16 | 7L << 40);
    long low = 1 | 1 << 15 | 0x41L << 16 | (descriptor >>> 6 & 0x3FF_FFFF) << 38;
    entry(0, low, descriptor >>> 32 << 32);
    assertThat(send(0)).isEqualTo(new InterruptOutcome.Posted(descriptor, 0x41, true, 0));
    assertThat(rig.memory.readQword(descriptor + 8)).isEqualTo(1L << 1);
    assertThat(rig.memory.readQword(descriptor + 32) & 1).isEqualTo(1);
    assertThat(rig.messages).hasSize(1);
    send(0);
    assertThat(rig.messages).hasSize(1);
  }

  @Test
  void postedDescriptorFaults() {
    entry(0, 1 | 1 << 15 | (NOWHERE >>> 6) << 38, 0);
    assertThat(reason(send(0))).isEqualTo(FaultReason.POSTED_DESCRIPTOR_UNREADABLE);
    long descriptor = rig.table();
    rig.set(descriptor + 32, 1L << 8);
    entry(0, 1 | 1 << 15 | (descriptor >>> 6) << 38, 0);
    assertThat(reason(send(0))).isEqualTo(FaultReason.POSTED_DESCRIPTOR_RESERVED);
  }
}
