package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.DID;
import static org.iommulab.vtd.Rig.FSTS;
import static org.iommulab.vtd.Rig.RECORDS;
import static org.iommulab.vtd.Rig.SID;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.junit.jupiter.api.Test;

/**
 * The deviations of QEMU 7.2, each as the architecture has it and as QEMU has it. Names carry the
 * number in the oracle's list.
 */
class DeviationTest {

  private static final MachineOptions LEGACY = Rig.options(false, true);
  private static final MachineOptions SCALABLE = Rig.options(true, true);
  private static final long QIE = 1L << 26;

  private final Rig spec = Rig.spec(LEGACY);
  private final Rig qemu = Rig.qemu(LEGACY);

  private static long startLegacy(Rig rig, int extra) {
    long top = rig.legacy(0, extra);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
    return top;
  }

  private static long startScalable(Rig rig) {
    rig.scalable(0);
    long top = rig.secondStage(0, 0);
    rig.set(rig.pasids + 8, DID);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(1);
    return top;
  }

  private static long reason(Rig rig) {
    return rig.record() >>> 32 & 0xFF;
  }

  private static FaultReason reason(WalkPath path) {
    return path.outcome() instanceof Translation.Blocked blocked ? blocked.reason() : null;
  }

  @Test
  void d1CachedDenialIsRecorded() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long top = startLegacy(rig, 0);
      rig.map(top, 4, 0x1000, DATA | 1, 1, 3);
      rig.read(0x1000);
      assertThat(reason(rig.write(0x1000))).isEqualTo(FaultReason.WRITE_DENIED);
      assertThat(rig.isRecorded()).isEqualTo(rig == spec);
    }
  }

  @Test
  void d1GrantedRightCountsWithoutInvalidation() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long top = startLegacy(rig, 0);
      rig.map(top, 4, 0x1000, DATA | 1, 1, 3);
      rig.read(0x1000);
      rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
      assertThat(reason(rig.write(0x1000)) == null).isEqualTo(rig == spec);
    }
  }

  @Test
  void d2RecordWithoutPasidHasAnEmptyPasidField() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      rig.read(0x2000);
      assertThat(rig.record() >>> 40 & 0xFFFFF).isEqualTo(rig == spec ? 0 : 0xFFFF);
    }
  }

  @Test
  void d3RequestWithoutPasidIsRecordedWithout() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.read(0x2000);
      assertThat(rig.record() >>> 31 & 1).isEqualTo(rig == own ? 0 : 1);
    }
  }

  @Test
  void d4FaultDisableHidesReservedContextBits() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 2 | 1 << 4);
      assertThat(reason(rig.read(0x1000))).isEqualTo(FaultReason.CONTEXT_RESERVED);
      assertThat(rig.isRecorded()).isEqualTo(rig == qemu);
    }
  }

  @Test
  void d5PasidTableFaultsHaveReasonsOfTheirOwn() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.set(rig.directory, 0);
      rig.read(0x1000);
      assertThat(reason(rig)).isEqualTo(rig == own ? 0x51 : 0x58);
    }
  }

  @Test
  void d6ScalableModeHasReasonsOfItsOwn() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.read(0x2000);
      assertThat(reason(rig)).isEqualTo(rig == own ? 0x79 : 0x06);
    }
  }

  @Test
  void d7ReservedBitsOfPasidEntriesAreChecked() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.set(rig.pasids, rig.memory.readQword(rig.pasids) | 1 << 10);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == own ? FaultReason.PASID_ENTRY_RESERVED : null);
    }
  }

  @Test
  void d7PrivilegeOfRequestsWithoutPasidIsReservedUnlessAdvertised() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.set(rig.context + Rig.SID * 32L + 8, 1 << 20);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == own ? FaultReason.SCALABLE_CONTEXT_RESERVED : null);
    }
  }

  @Test
  void d7UnadvertisedStagesAreInvalid() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.set(rig.pasids, rig.memory.readQword(rig.pasids) & ~(7L << 6) | 1 << 6);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == own ? FaultReason.PASID_ENTRY_INVALID : null);
    }
  }

  @Test
  void d8AbsentPasidEntryStopsTranslationOnceInvalidated() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      startScalable(rig);
      rig.read(0x1000);
      rig.set(rig.pasids, rig.memory.readQword(rig.pasids) & ~1L);
      rig.queue(rig == own ? 1 << 11 : 0);
      invalidatePasidsAndTranslations(rig, rig == own);
      assertThat(reason(rig.read(0x1000)) == null).isEqualTo(rig == other);
    }
  }

  private static void invalidatePasidsAndTranslations(Rig rig, boolean wide) {
    if (wide) {
      rig.submitWide(7 | 3 << 4, 0);
      rig.submitWide(2 | 1 << 4, 0);
    } else {
      rig.submit(7 | 3 << 4, 0);
      rig.submit(2 | 1 << 4, 0);
    }
  }

  @Test
  void d9OnlyTheAddressDecidesAboutTheInterruptRange() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long top = startLegacy(rig, 0);
      rig.map(top, 4, 0x4000_0000L, 0xC000_0000L | 0x83, 3, 3);
      assertThat(reason(rig.read(0x4000_0000L)))
          .isEqualTo(rig == spec ? null : FaultReason.OUTPUT_IN_INTERRUPT_RANGE);
      assertThat(reason(rig.read(0x7EE0_0000L))).isEqualTo(FaultReason.OUTPUT_IN_INTERRUPT_RANGE);
    }
  }

  @Test
  void d10RootAboveTheHostWidthIsUnreadable() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      rig.root |= 1L << 50;
      rig.start(0);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? FaultReason.ROOT_UNREADABLE : null);
    }
  }

  @Test
  void d11PassThroughAddressesHaveALimit() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      rig.set(rig.context + SID * 16L, 2 << 2 | 1, DID << 8 | 2);
      rig.invalidateAll();
      assertThat(reason(rig.read(1L << 60)))
          .isEqualTo(rig == spec ? FaultReason.ADDRESS_BEYOND_WIDTH : null);
    }
  }

  @Test
  void d12RightsComeBeforeReservedBitsInBoth() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long top = startLegacy(rig, 0);
      rig.map(top, 4, 0x1000, DATA | 1 | 1L << 50, 1, 3);
      assertThat(reason(rig.write(0x1000))).isEqualTo(FaultReason.WRITE_DENIED);
      assertThat(reason(rig.read(0x1000))).isEqualTo(FaultReason.TABLE_RESERVED);
    }
  }

  @Test
  void d13SnoopBitNeedsSnoopControl() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      long top = startScalable(rig);
      rig.map(top, 4, 0x1000, DATA | 3 | 1 << 11, 1, 3);
      assertThat(reason(rig.read(0x1000)) == null).isEqualTo(rig == other);
    }
  }

  @Test
  void d14FaultsOfOneRequesterAreNotCollapsed() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      rig.read(0x2000);
      rig.read(0x3000);
      assertThat(rig.unit.read(FSTS, 4) & 1).isEqualTo(rig == spec ? 1 : 0);
    }
  }

  @Test
  void d15VersionIsPartOfTheProfile() {
    assertThat(spec.unit.read(0, 4)).isEqualTo(0x10);
    assertThat(Rig.spec().unit.read(0, 4)).isEqualTo(0x50);
  }

  @Test
  void d16QueueAddressReadsBackAsWritten() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      rig.unit.write(0x90, 8, 0x12_3000 | 1);
      assertThat(rig.unit.read(0x90, 8)).isEqualTo(rig == spec ? 0x12_3001 : 1);
    }
  }

  @Test
  void d16UnsupportedTableModeFaults() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      rig.start(3);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? FaultReason.TABLE_MODE_INVALID : null);
    }
  }

  @Test
  void registerInvalidationIsNotCarriedOutWhileTheQueueIsOn() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long top = startLegacy(rig, 0);
      rig.read(0x1000);
      rig.queue(0);
      rig.set(rig.slot(top, 4, 0x1000, 1), 0);
      rig.invalidateAll();
      assertThat(rig.unit.read(0x28, 8)).isNegative();
      assertThat(rig.unit.read(0xF8, 8)).isNegative();
      assertThat(reason(rig.read(0x1000))).isNull();
    }
  }

  @Test
  void d18InterruptTableNeedsInterruptRemapping() {
    Rig own = Rig.spec(Rig.options(false, false));
    Rig other = Rig.qemu(Rig.options(false, false));
    for (Rig rig : new Rig[] {own, other}) {
      rig.command(1L << 24);
      assertThat(rig.status() >> 24 & 1).isEqualTo(rig == own ? 0 : 1);
    }
  }

  @Test
  void d18CompatibilitySwitchShowsInTheStatus() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      rig.enable(1L << 23);
      assertThat(rig.status() >> 23 & 1).isEqualTo(rig == spec ? 1 : 0);
    }
  }

  @Test
  void d19PendingEventIsGivenUpWhenTheRecordIsCleared() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      rig.read(0x2000);
      assertThat(rig.unit.read(0x38, 4) >> 30 & 1).isEqualTo(1);
      rig.unit.write(RECORDS + 12, 4, 1L << 31);
      assertThat(rig.unit.read(0x38, 4) >> 30 & 1).isEqualTo(rig == spec ? 0 : 1);
    }
  }

  @Test
  void d20TailWrittenBeforehandDoesNotCount() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long queue = rig.table();
      rig.set(queue, 5 | 1 << 5 | 7L << 32, 0x8000);
      rig.unit.write(0x90, 8, queue);
      rig.unit.write(0x88, 8, 16);
      rig.enable(QIE);
      assertThat(rig.memory.readQword(0x8000)).isEqualTo(rig == spec ? 0 : 7);
    }
  }

  @Test
  void d21QueueCanBeSwitchedOffWithoutAWait() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      rig.queue(0);
      rig.submit(2 | 1 << 4, 0);
      rig.disable(QIE);
      assertThat(rig.status() >> 26 & 1).isEqualTo(rig == spec ? 0 : 1);
    }
  }

  @Test
  void d22ClearingTheErrorResumes() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      rig.queue(0);
      rig.submit(0, 0);
      assertThat(rig.unit.read(FSTS, 4) >> 4 & 1).isEqualTo(1);
      long bad = rig.unit.read(0x90, 8) & ~0xFFFL;
      rig.set(bad, 5 | 1 << 5 | 9L << 32, 0x8000);
      rig.unit.write(FSTS, 4, 1 << 4);
      assertThat(rig.memory.readQword(0x8000)).isEqualTo(rig == spec ? 9 : 0);
    }
  }

  @Test
  void d23ReservedDescriptorBitsAreErrors() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      rig.queue(0);
      rig.submit(4 | 1 << 6, 0);
      assertThat(rig.unit.read(FSTS, 4) >> 4 & 1).isEqualTo(rig == spec ? 1 : 0);
      assertThat(rig.unit.read(0xB0, 8)).isEqualTo(rig == spec ? 4 : 0);
    }
  }

  @Test
  void d24MisalignedTailIsAnError() {
    Rig own = Rig.spec(SCALABLE);
    Rig other = Rig.qemu(SCALABLE);
    for (Rig rig : new Rig[] {own, other}) {
      rig.queue(1 << 11);
      rig.unit.write(0x88, 8, 16);
      assertThat(rig.unit.read(FSTS, 4) >> 4 & 1).isEqualTo(rig == own ? 1 : 0);
    }
  }

  @Test
  void d24WideDescriptorsNeedScalableMode() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      rig.queue(1 << 11);
      rig.submit(2 | 1 << 4, 0);
      assertThat(rig.unit.read(FSTS, 4) >> 4 & 1).isEqualTo(rig == spec ? 1 : 0);
    }
  }

  @Test
  void d25WaitMayWriteItsStatusAndInterrupt() {
    spec.queue(0);
    spec.unit.write(0xA4, 4, 0x42);
    spec.unit.write(0xA8, 4, 0xFEE0_0000L);
    spec.unit.write(0xA0, 4, 0);
    spec.submit(5 | 1 << 4 | 1 << 5 | 3L << 32, 0x8000);
    assertThat(spec.memory.readQword(0x8000)).isEqualTo(3);
    assertThat(spec.unit.read(0x9C, 4)).isEqualTo(1);
    assertThat(spec.messages).hasSize(1);
  }

  // ---- interrupts ------------------------------------------------------------------------------

  private static long interruptTable(Rig rig) {
    long table = rig.table();
    rig.unit.write(0xB8, 8, table | 3);
    rig.command(1L << 24);
    rig.enable(1L << 25);
    return table;
  }

  @Test
  void d26InterruptFaultsAreRecorded() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      interruptTable(rig);
      rig.unit.interrupt(SID, 0xFEE0_0018L, 2);
      assertThat(rig.isRecorded()).isEqualTo(rig == spec);
    }
    assertThat(reason(spec)).isEqualTo(0x22);
    assertThat(spec.unit.read(RECORDS, 8) >>> 48).isEqualTo(2);
  }

  @Test
  void d27CompatibilityInterruptsAreBlocked() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      interruptTable(rig);
      rig.unit.interrupt(SID, 0xFEE0_0000L, 0x41);
      assertThat(rig.messages).hasSize(rig == spec ? 0 : 1);
    }
    spec.enable(1L << 23);
    spec.unit.interrupt(SID, 0xFEE0_0000L, 0x41);
    assertThat(spec.messages).hasSize(1);
  }

  @Test
  void d28OnlyAlignedDwordWritesAreInterrupts() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      startLegacy(rig, 0);
      var wide = rig.unit.translate(DmaAccess.write(Rig.DEVICE, 0xFEE0_0000L, 16));
      assertThat(wide instanceof Translation.Interrupt).isEqualTo(rig == qemu);
      var dword = rig.unit.translate(DmaAccess.write(Rig.DEVICE, 0xFEE0_0000L, 4));
      assertThat(dword).isInstanceOf(Translation.Interrupt.class);
    }
  }

  @Test
  void d29PostedEntriesAreReservedWithoutTheCapability() {
    for (Rig rig : new Rig[] {spec, qemu}) {
      long table = interruptTable(rig);
      rig.set(table, 0x41_8001, 0);
      rig.unit.interrupt(SID, 0xFEE0_0018L, 0);
      assertThat(rig.messages).hasSize(rig == spec ? 0 : 1);
    }
    assertThat(reason(spec)).isEqualTo(0x24);
  }

  @Test
  void anotherRequesterDoesNotShareTheContext() {
    startLegacy(spec, 0);
    var path = spec.unit.trace(DmaAccess.read(new SourceId(0x20), 0x1000, 4));
    assertThat(reason(path)).isEqualTo(FaultReason.CONTEXT_NOT_PRESENT);
  }
}
