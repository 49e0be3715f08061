package org.iommulab.vtd;

import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.NOWHERE;
import static org.iommulab.vtd.Rig.SID;
import static org.iommulab.vtd.WalkPathAssert.assertThat;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.vtd.layout.FaultReason;
import org.junit.jupiter.api.Test;

/** Every fault reason of legacy mode, provoked. */
class LegacyFaultTest {

  private final Rig rig = Rig.spec();
  private final long top = rig.legacy(0, 0);

  LegacyFaultTest() {
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
  }

  @Test
  void mappedPageIsReached() {
    assertThat(rig.read(0x1010)).reaches(DATA + 0x10);
  }

  @Test
  void unreadableRoot() {
    rig.root = NOWHERE;
    rig.start(0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.ROOT_UNREADABLE);
  }

  @Test
  void rootNotPresent() {
    rig.set(rig.root, 0, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.ROOT_NOT_PRESENT);
  }

  @Test
  void rootReserved() {
    rig.set(rig.root, rig.context | 1, 1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.ROOT_RESERVED);
  }

  @Test
  void unreadableContext() {
    rig.set(rig.root, NOWHERE | 1, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_UNREADABLE);
  }

  @Test
  void contextNotPresent() {
    rig.set(rig.context + SID * 16L, 0, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_NOT_PRESENT).isRecorded();
  }

  @Test
  void faultDisableCountsInAnAbsentContextEntry() {
    rig.set(rig.context + SID * 16L, 2, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_NOT_PRESENT).isNotRecorded();
  }

  @Test
  void contextReserved() {
    rig.set(rig.context + SID * 16L, top | 0x11, 0x502);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_RESERVED);
  }

  @Test
  void contextInvalid() {
    rig.set(rig.context + SID * 16L, top | 1, 0x506);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_INVALID);
  }

  @Test
  void passThroughNeedsTheLargestWidth() {
    rig.set(rig.context + SID * 16L, 2 << 2 | 1, 0x502);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_INVALID);
    rig.set(rig.context + SID * 16L, 2 << 2 | 1, 0x503);
    assertThat(rig.read(DATA)).reaches(DATA);
  }

  @Test
  void unreadableTopTableCountsAsInvalidContext() {
    rig.set(rig.context + SID * 16L, NOWHERE | 1, 0x502);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_INVALID).atLevel(4);
  }

  @Test
  void addressBeyondWidth() {
    assertThat(rig.read(1L << 48)).faultsWith(FaultReason.ADDRESS_BEYOND_WIDTH);
  }

  @Test
  void passThroughBeyondHostWidth() {
    rig.set(rig.context + SID * 16L, 2 << 2 | 1, 0x503);
    assertThat(rig.read(1L << 46)).faultsWith(FaultReason.ADDRESS_BEYOND_WIDTH);
  }

  @Test
  void writeDeniedAtTheLevelThatDeniesIt() {
    rig.set(rig.slot(top, 4, 0x1000, 2), rig.memory.readQword(rig.slot(top, 4, 0x1000, 2)) & ~2);
    assertThat(rig.write(0x1000)).faultsWith(FaultReason.WRITE_DENIED).atLevel(2).isRecorded();
    assertThat(rig.read(0x1000)).reaches(DATA);
  }

  @Test
  void unmappedPageDeniesReads() {
    assertThat(rig.read(0x2000)).faultsWith(FaultReason.READ_DENIED).atLevel(1);
  }

  @Test
  void zeroLengthReadNeedsAnyRight() {
    rig.map(top, 4, 0x3000, DATA | 2, 1, 3);
    assertThat(rig.unit.trace(DmaAccess.read(Rig.DEVICE, 0x3000, 0))).reaches(DATA);
    assertThat(rig.read(0x3000)).faultsWith(FaultReason.READ_DENIED);
  }

  @Test
  void unreadableLowerTable() {
    rig.set(rig.slot(top, 4, 0x1000, 3), NOWHERE | 3);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.TABLE_UNREADABLE).atLevel(2);
  }

  @Test
  void reservedBitsInATableEntry() {
    rig.set(rig.slot(top, 4, 0x1000, 1), DATA | 3 | 1L << 46);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.TABLE_RESERVED).atLevel(1);
  }

  @Test
  void missingRightIsReportedBeforeReservedBits() {
    rig.set(rig.slot(top, 4, 0x1000, 1), DATA | 1 | 1L << 46);
    assertThat(rig.write(0x1000)).faultsWith(FaultReason.WRITE_DENIED);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.TABLE_RESERVED);
  }

  @Test
  void translationRequestNeedsItsType() {
    var request = DmaAccess.read(Rig.DEVICE, 0x1000, 8);
    assertThat(rig.unit.trace(request.withType(AddressType.TRANSLATION_REQUEST)))
        .faultsWith(FaultReason.REQUEST_TYPE_BLOCKED);
    rig.set(rig.context + SID * 16L, top | 1 << 2 | 1, 0x502);
    rig.invalidateAll();
    assertThat(rig.unit.trace(request.withType(AddressType.TRANSLATION_REQUEST))).reaches(DATA);
  }

  @Test
  void outputInTheInterruptRange() {
    rig.set(rig.slot(top, 4, 0x1000, 1), 0xFEE0_1000L | 3);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.OUTPUT_IN_INTERRUPT_RANGE);
  }

  @Test
  void readOfTheInterruptRange() {
    assertThat(rig.read(0xFEE0_0000L)).faultsWith(FaultReason.NOT_AN_INTERRUPT);
  }

  @Test
  void requestWithPasid() {
    assertThat(rig.request(DmaAccess.Kind.READ, 0x1000, 1, false))
        .faultsWith(FaultReason.PASID_IN_LEGACY_MODE);
  }

  @Test
  void reservedTableMode() {
    rig.start(2);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.TABLE_MODE_INVALID);
  }

  @Test
  void abortModeEndsEveryRequestUnrecorded() {
    rig.start(3);
    assertThat(rig.read(0x1000)).isAborted();
    org.assertj.core.api.Assertions.assertThat(rig.isRecorded()).isFalse();
  }

  @Test
  void protectedMemoryIsRefused() {
    rig.unit.write(0x68, 4, DATA);
    rig.unit.write(0x6C, 4, DATA);
    rig.unit.write(0x64, 4, 1L << 31);
    org.assertj.core.api.Assertions.assertThat(rig.unit.read(0x64, 4)).isEqualTo(1L << 31 | 1);
    assertThat(rig.read(0x1000)).isAborted();
    rig.unit.write(0x64, 4, 0);
    assertThat(rig.read(0x1000)).reaches(DATA);
  }
}
