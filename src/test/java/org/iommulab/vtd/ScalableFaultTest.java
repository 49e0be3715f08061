package org.iommulab.vtd;

import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.NOWHERE;
import static org.iommulab.vtd.Rig.SID;
import static org.iommulab.vtd.WalkPathAssert.assertThat;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.vtd.layout.FaultReason;
import org.junit.jupiter.api.Test;

/** The fault reasons of scalable mode before and in the second stage, provoked. */
class ScalableFaultTest {

  private static final long PASIDE = 8;

  private final Rig rig = Rig.spec();
  private final long top;

  ScalableFaultTest() {
    rig.scalable(PASIDE);
    top = rig.secondStage(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(1);
  }

  @Test
  void mappedPageIsReachedWithAndWithoutPasid() {
    assertThat(rig.read(0x1010)).reaches(DATA + 0x10);
    assertThat(rig.request(Kind.READ, 0x1010, 0, false)).reaches(DATA + 0x10);
  }

  @Test
  void unreadableRoot() {
    rig.root = NOWHERE;
    rig.start(1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_ROOT_UNREADABLE);
  }

  @Test
  void rootNotPresent() {
    rig.set(rig.root, rig.context, rig.context | 1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_ROOT_NOT_PRESENT);
  }

  @Test
  void rootReserved() {
    rig.set(rig.root, rig.context | 3, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_ROOT_RESERVED);
  }

  @Test
  void reservedBitsOfTheOtherHalfOfTheRootEntryStopNobody() {
    for (long other : new long[] {2, 3, 1L << 62 | 1}) {
      rig.set(rig.root, rig.context | 1, other);
      assertThat(rig.read(0x1000)).reaches(DATA);
    }
  }

  @Test
  void unreadableContext() {
    rig.set(rig.root, NOWHERE | 1, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_CONTEXT_UNREADABLE);
  }

  @Test
  void contextNotPresent() {
    rig.set(rig.context + SID * 32L, rig.directory);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_CONTEXT_NOT_PRESENT);
  }

  @Test
  void contextReserved() {
    rig.set(rig.context + SID * 32L, rig.directory | 1, 0, 1, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_CONTEXT_RESERVED);
  }

  @Test
  void translationRequestWithoutDeviceTlb() {
    var request = DmaAccess.read(Rig.DEVICE, 0x1000, 8);
    assertThat(rig.unit.trace(request.withType(AddressType.TRANSLATED)))
        .faultsWith(FaultReason.DEVICE_TLB_NOT_ENABLED);
  }

  @Test
  void translatedRequestPassesWithDeviceTlb() {
    rig.set(rig.context + SID * 32L, rig.directory | 1 | 4);
    var request = DmaAccess.read(Rig.DEVICE, DATA, 8).withType(AddressType.TRANSLATED);
    assertThat(rig.unit.trace(request)).reaches(DATA);
    var beyond = DmaAccess.read(Rig.DEVICE, 1L << 46, 8).withType(AddressType.TRANSLATED);
    assertThat(rig.unit.trace(beyond)).faultsWith(FaultReason.UNTRANSLATED_BEYOND_WIDTH);
  }

  @Test
  void pasidNotEnabled() {
    rig.set(rig.context + SID * 32L, rig.directory | 1);
    assertThat(rig.request(Kind.READ, 0x1000, 0, false)).faultsWith(FaultReason.PASID_NOT_ENABLED);
  }

  @Test
  void pasidBeyondDirectory() {
    assertThat(rig.request(Kind.READ, 0x1000, 1 << 13, false))
        .faultsWith(FaultReason.PASID_BEYOND_DIRECTORY);
  }

  @Test
  void ridPasidBeyondDirectory() {
    rig.set(rig.context + SID * 32L, rig.directory | 1, 1 << 13);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.RID_PASID_BEYOND_DIRECTORY);
  }

  @Test
  void unreadableDirectory() {
    rig.set(rig.context + SID * 32L, NOWHERE | 1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_DIRECTORY_UNREADABLE);
  }

  @Test
  void directoryNotPresent() {
    rig.set(rig.directory, rig.pasids);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_DIRECTORY_NOT_PRESENT);
  }

  @Test
  void directoryReserved() {
    rig.set(rig.directory, rig.pasids | 5);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_DIRECTORY_RESERVED);
  }

  @Test
  void unreadablePasidTable() {
    rig.set(rig.directory, NOWHERE | 1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_ENTRY_UNREADABLE);
  }

  @Test
  void pasidEntryNotPresent() {
    rig.pasidEntry(0, 0);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_ENTRY_NOT_PRESENT);
  }

  @Test
  void faultDisableOfThePasidEntryHidesItsFaults() {
    rig.pasidEntry(0, 2);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_ENTRY_NOT_PRESENT).isNotRecorded();
  }

  @Test
  void pasidEntryReserved() {
    rig.pasidEntry(0, top | 2 << 6 | 2 << 2 | 1 | 1 << 10);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_ENTRY_RESERVED);
  }

  @Test
  void pasidEntryInvalid() {
    rig.pasidEntry(0, top | 5 << 6 | 2 << 2 | 1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.PASID_ENTRY_INVALID);
  }

  @Test
  void executeNeedsItsEnable() {
    assertThat(rig.request(Kind.EXECUTE, 0x1000, 0, false))
        .faultsWith(FaultReason.EXECUTE_NOT_ENABLED);
  }

  @Test
  void secondStageExecuteBit() {
    long executable = rig.secondStage(1, 1 << 5);
    rig.map(executable, 4, 0x1000, DATA | 3, 1, 7);
    assertThat(rig.request(Kind.EXECUTE, 0x1000, 1, false))
        .faultsWith(FaultReason.EXECUTE_DENIED)
        .atLevel(1);
    rig.map(executable, 4, 0x1000, DATA | 7, 1, 7);
    assertThat(rig.request(Kind.EXECUTE, 0x1000, 1, false)).reaches(DATA);
  }

  @Test
  void unreadableTopTable() {
    rig.pasidEntry(0, NOWHERE | 2 << 6 | 2 << 2 | 1);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SECOND_STAGE_TOP_UNREADABLE).atLevel(4);
  }

  @Test
  void unreadableLowerTable() {
    rig.set(rig.slot(top, 4, 0x1000, 2), NOWHERE | 3);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SECOND_STAGE_UNREADABLE).atLevel(1);
  }

  @Test
  void unmappedPage() {
    assertThat(rig.write(0x2000)).faultsWith(FaultReason.SECOND_STAGE_NOT_PRESENT).atLevel(1);
  }

  @Test
  void reservedBits() {
    rig.set(rig.slot(top, 4, 0x1000, 4), rig.memory.readQword(top) | 1 << 7);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SECOND_STAGE_RESERVED).atLevel(4);
  }

  @Test
  void missingRights() {
    rig.map(top, 4, 0x3000, DATA | 1, 1, 3);
    rig.map(top, 4, 0x4000, DATA | 2, 1, 3);
    assertThat(rig.write(0x3000)).faultsWith(FaultReason.SCALABLE_WRITE_DENIED);
    assertThat(rig.read(0x4000)).faultsWith(FaultReason.SCALABLE_READ_DENIED);
  }

  @Test
  void addressBeyondWidth() {
    assertThat(rig.read(1L << 48)).faultsWith(FaultReason.SECOND_STAGE_BEYOND_WIDTH);
  }

  @Test
  void passThroughBeyondHostWidth() {
    rig.pasidEntry(0, 4 << 6 | 3 << 2 | 1, 7);
    assertThat(rig.read(DATA)).reaches(DATA);
    assertThat(rig.read(1L << 46)).faultsWith(FaultReason.UNTRANSLATED_BEYOND_WIDTH);
  }

  @Test
  void outputInTheInterruptRange() {
    rig.set(rig.slot(top, 4, 0x1000, 1), 0xFEE0_1000L | 3);
    assertThat(rig.read(0x1000)).faultsWith(FaultReason.SCALABLE_OUTPUT_IN_INTERRUPT_RANGE);
  }

  @Test
  void accessedAndDirtyBitsAreSet() {
    long tracked = rig.secondStage(1, 1 << 9);
    rig.map(tracked, 4, 0x1000, DATA | 3, 1, 3);
    long leaf = rig.slot(tracked, 4, 0x1000, 1);
    rig.request(Kind.READ, 0x1000, 1, false);
    org.assertj.core.api.Assertions.assertThat(rig.memory.readQword(leaf) >> 8 & 3).isEqualTo(1);
    rig.request(Kind.WRITE, 0x1000, 1, false);
    org.assertj.core.api.Assertions.assertThat(rig.memory.readQword(leaf) >> 8 & 3).isEqualTo(3);
  }

  @Test
  void accessedBitNeedsSnoopedWalks() {
    long tracked = rig.secondStage(1, 1 << 9);
    rig.map(tracked, 4, 0x1000, DATA | 3, 1, 3);
    rig.set(rig.pasids + 64 + 8, Rig.DID);
    assertThat(rig.request(Kind.READ, 0x1000, 1, false))
        .faultsWith(FaultReason.SECOND_STAGE_UPDATE_NOT_SNOOPED);
  }
}
