package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.DeviceTlb.Denied;
import org.iommulab.bus.ats.DeviceTlb.Manner;
import org.iommulab.bus.ats.DeviceTlb.Refused;
import org.iommulab.bus.ats.DeviceTlb.Send;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationCompletion.Status;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Translation;
import org.junit.jupiter.api.Test;

/** Translation requests, translated requests and device-TLB invalidations of legacy mode. */
class DeviceTlbTest {

  private static final int WITH_DEVICE_TLB = 1;
  private static final long IQE = 1 << 4;
  private static final long ICE = 1 << 5;
  private static final long ITE = 1 << 6;
  private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F000L;

  private final Rig rig = Rig.spec();
  private final long top;
  private final long status;

  DeviceTlbTest() {
    top = rig.legacy(WITH_DEVICE_TLB, 0);
    rig.map(top, 4, 0x1000, Rig.DATA | 3, 1, 3);
    rig.map(top, 4, 0x2000, Rig.DATA + 0x1000 | 1, 1, 3);
    rig.map(top, 4, 0x3000, Rig.DATA + 0x2000 | 2, 1, 3);
    rig.map(top, 4, 0x20_0000, Rig.DATA | 0x83, 2, 3);
    rig.start(0);
    rig.queue(0);
    status = rig.table();
  }

  private TranslationCompletion ask(long address) {
    return rig.unit.translate(TranslationRequest.of(Rig.DEVICE, address));
  }

  private TranslationEntry entry(long address) {
    return ask(address).entries().getFirst();
  }

  // ---- translation requests --------------------------------------------------------------------

  @Test
  void mappedPageIsTranslatedWithItsRights() {
    assertThat(entry(0x1000).raw()).isEqualTo(Rig.DATA | 3);
    assertThat(entry(0x2000).raw()).isEqualTo(Rig.DATA + 0x1000 | 1);
    assertThat(entry(0x3000).raw()).isEqualTo(Rig.DATA + 0x2000 | 2);
    assertThat(rig.isRecorded()).isFalse();
  }

  @Test
  void noWriteFlagLeavesOutTheRightToWrite() {
    var request = TranslationRequest.of(Rig.DEVICE, 0x1000).withNoWrite(true);
    assertThat(rig.unit.translate(request).entries().getFirst().raw()).isEqualTo(Rig.DATA | 1);
  }

  @Test
  void largePageIsTranslatedAsOne() {
    TranslationEntry large = entry(0x20_5000);
    assertThat(large.input().order()).isEqualTo(21);
    assertThat(large.raw()).isEqualTo(Rig.DATA | 0xF_F000 | 1 << 11 | 3);
    assertThat(large.output(0x20_5678)).isEqualTo(Rig.DATA + 0x5678);
  }

  @Test
  void neighboursOfOneSizeShareACompletion() {
    var request = new TranslationRequest(Rig.DEVICE, 0x1000, 8, Pasid.NONE, false, false, false);
    List<TranslationEntry> entries = rig.unit.translate(request).entries();
    assertThat(entries.subList(0, 3))
        .extracting(TranslationEntry::raw)
        .containsExactly(Rig.DATA | 3, Rig.DATA + 0x1000 | 1, Rig.DATA + 0x2000 | 2);
    assertThat(entries.subList(3, 8)).allMatch(TranslationEntry::isNone);
  }

  @Test
  void missingPageIsNoFaultButNoAccess() {
    assertThat(ask(0x9000).status()).isEqualTo(Status.SUCCESS);
    assertThat(entry(0x9000).isNone()).isTrue();
    assertThat(rig.isRecorded()).isFalse();
  }

  @Test
  void brokenTableIsAbortedAndRecorded() {
    rig.memory.writeQword(rig.slot(top, 4, 0x1000, 1), Rig.DATA | 1L << 51 | 3);
    assertThat(ask(0x1000).status()).isEqualTo(Status.COMPLETER_ABORT);
    assertThat(rig.record() >>> 32 & 0xFF).isEqualTo(FaultReason.TABLE_RESERVED.code());
    assertThat(rig.record() >>> 60 & 3).isEqualTo(1);
  }

  @Test
  void deviceWithoutTheRightToAskIsRefusedAndRecorded() {
    rig.set(rig.context + Rig.SID * 16L, top | 1);
    assertThat(ask(0x1000).status()).isEqualTo(Status.UNSUPPORTED_REQUEST);
    assertThat(rig.record() >>> 32 & 0xFF).isEqualTo(FaultReason.REQUEST_TYPE_BLOCKED.code());
  }

  @Test
  void nothingIsTranslatedWhileTranslationIsOff() {
    rig.disable(1L << 31);
    assertThat(ask(0x1000).status()).isEqualTo(Status.UNSUPPORTED_REQUEST);
    assertThat(rig.isRecorded()).isFalse();
  }

  @Test
  void interruptRangeMustBeUsedUntranslated() {
    assertThat(entry(0xFEE0_0000L).untranslatedOnly()).isTrue();
    var msi = DmaAccess.write(Rig.DEVICE, 0xFEE0_1000L, 4);
    assertThat(rig.endpoint.way(msi))
        .isInstanceOfSatisfying(Send.class, send -> assertThat(send.access()).isEqualTo(msi));
  }

  @Test
  void translationIntoTheInterruptRangeIsRefused() {
    rig.map(top, 4, 0x4000, 0xFEE0_0003L, 1, 3);
    assertThat(ask(0x4000).status()).isEqualTo(Status.UNSUPPORTED_REQUEST);
    assertThat(rig.record() >>> 32 & 0xFF).isEqualTo(FaultReason.OUTPUT_IN_INTERRUPT_RANGE.code());
  }

  // ---- the cache in the device -----------------------------------------------------------------

  private long reached(DmaAccess access) {
    if (rig.endpoint.way(access) instanceof Send send
        && rig.unit.translate(send.access()) instanceof Translation.Done done) {
      return done.address();
    }
    return -1;
  }

  private static DmaAccess read(long address) {
    return DmaAccess.read(Rig.DEVICE, address, 8);
  }

  @Test
  void staleDeviceTranslationIsUsedUntilTheDeviceIsTold() {
    assertThat(reached(read(0x1008))).isEqualTo(Rig.DATA + 8);
    rig.memory.writeQword(rig.slot(top, 4, 0x1000, 1), 0);
    rig.submit(0x2 | 1 << 4, 0);
    assertThat(reached(read(0x1008))).isEqualTo(Rig.DATA + 8);
    rig.submit(0x3 | (long) Rig.SID << 32, 0x1000);
    assertThat(rig.endpoint.way(read(0x1008))).isInstanceOf(Denied.class);
  }

  @Test
  void rightsThatWereNotAskedForAreAskedForLater() {
    assertThat(reached(read(0x1000))).isEqualTo(Rig.DATA);
    var write = DmaAccess.of(Rig.DEVICE, 0x1000, 8, Kind.WRITE);
    assertThat(reached(write)).isEqualTo(Rig.DATA);
    assertThat(rig.endpoint.lines()).hasSize(1);
  }

  @Test
  void oneInvalidationDropsALargeRange() {
    reached(read(0x1000));
    reached(read(0x2000));
    reached(read(0x20_0000));
    // 32 KiB: one S bit and two ones behind bit 11.
    rig.submit(0x3 | (long) Rig.SID << 32, 0x3000 | 1);
    assertThat(rig.endpoint.lines()).hasSize(1);
    rig.submit(0x3 | (long) Rig.SID << 32, EVERYTHING | 1);
    assertThat(rig.endpoint.lines()).isEmpty();
  }

  @Test
  void translatedRequestIsBlockedWithoutTheRightToAsk() {
    assertThat(reached(read(0x1000))).isEqualTo(Rig.DATA);
    rig.set(rig.context + Rig.SID * 16L, top | 1);
    rig.submit(0x1 | 1 << 4, 0);
    assertThat(reached(read(0x1000))).isEqualTo(-1);
    assertThat(rig.record() >>> 32 & 0xFF).isEqualTo(FaultReason.REQUEST_TYPE_BLOCKED.code());
    rig.endpoint.clear();
    assertThat(rig.endpoint.way(read(0x1000))).isInstanceOf(Refused.class);
  }

  @Test
  void oldestTranslationLeavesAFullCache() {
    var small = new DeviceTlb(Rig.DEVICE, rig.unit, 2);
    small.way(read(0x1000));
    small.way(read(0x2000));
    small.way(read(0x20_0000));
    assertThat(small.lines())
        .extracting(line -> line.entry().input().start())
        .containsExactly(0x2000L, 0x20_0000L);
  }

  // ---- endpoints that do not answer ------------------------------------------------------------

  private void invalidateAndWait(int flags) {
    rig.submitTogether(0x3 | (long) Rig.SID << 32, EVERYTHING | 1, 0x5 | flags | 7L << 32, status);
  }

  private long errors() {
    return rig.unit.read(Rig.FSTS, 4);
  }

  @Test
  void waitCompletesOnlyWhenTheDeviceHasAnswered() {
    rig.endpoint.setManner(Manner.SLOW);
    invalidateAndWait(1 << 5);
    assertThat(rig.memory.readDword(status)).isZero();
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(rig.unit.read(0x88, 8));
    assertThat(rig.endpoint.finish()).isEqualTo(1);
    assertThat(rig.memory.readDword(status)).isEqualTo(7);
    assertThat(errors()).isZero();
  }

  @Test
  void laterWaitDoesNotOvertake() {
    rig.endpoint.setManner(Manner.SLOW);
    invalidateAndWait(1 << 5);
    rig.submit(0x5 | 1 << 5 | 8L << 32, status + 4);
    assertThat(rig.memory.readDword(status + 4)).isZero();
    rig.endpoint.finish();
    assertThat(rig.memory.readDword(status + 4)).isEqualTo(8);
  }

  @Test
  void fenceKeepsLaterDescriptorsInTheQueue() {
    rig.endpoint.setManner(Manner.SLOW);
    invalidateAndWait(1 << 5 | 1 << 6);
    rig.submit(0x2 | 1 << 4, 0);
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(32);
    rig.endpoint.finish();
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(48);
  }

  @Test
  void moreInvalidationsThanTagsWaitInTheQueue() {
    rig.endpoint.setManner(Manner.SLOW);
    for (int i = 0; i < 33; i++) {
      rig.submit(0x3 | (long) Rig.SID << 32, EVERYTHING | 1);
    }
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(32 * 16);
    rig.endpoint.finish();
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(33 * 16);
  }

  @Test
  void silentDeviceIsReportedAndTheWaitGivenUp() {
    rig.endpoint.setManner(Manner.SILENT);
    invalidateAndWait(1 << 5);
    assertThat(errors()).isEqualTo(ITE);
    assertThat(rig.unit.read(0xB0, 8) >>> 32 & 0xFFFF).as("ITESID").isEqualTo(Rig.SID);
    assertThat(rig.memory.readDword(status)).isZero();
  }

  @Test
  void queueGoesOnOnceTheTimeOutIsCleared() {
    rig.endpoint.setManner(Manner.SILENT);
    invalidateAndWait(1 << 5);
    rig.endpoint.setManner(Manner.PROMPT);
    invalidateAndWait(1 << 5);
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(32);
    assertThat(rig.memory.readDword(status)).isZero();
    rig.unit.write(Rig.FSTS, 4, ITE);
    assertThat(rig.memory.readDword(status)).isEqualTo(7);
    assertThat(rig.unit.read(0x80, 8)).as("IQH").isEqualTo(64);
    assertThat(errors()).isZero();
  }

  @Test
  void slowDeviceHasAMinute() {
    rig.endpoint.setManner(Manner.SLOW);
    invalidateAndWait(1 << 5);
    rig.unit.elapse(59_000_000_000L);
    assertThat(errors()).isZero();
    rig.unit.elapse(1_000_000_000L);
    assertThat(errors()).isEqualTo(ITE);
    rig.unit.write(Rig.FSTS, 4, ITE);
    rig.endpoint.finish();
    assertThat(errors()).as("its answer comes too late").isEqualTo(ICE);
  }

  @Test
  void deviceThatIsNotThereDoesNotAnswer() {
    rig.submit(0x3 | 0x99L << 32, EVERYTHING | 1);
    assertThat(errors()).isEqualTo(ITE);
    assertThat(rig.unit.read(0xB0, 8) >>> 32 & 0xFFFF).as("ITESID").isEqualTo(0x99);
  }

  @Test
  void answerNobodyAskedForIsReported() {
    rig.unit.invalidationCompleted(new SourceId(0x42), 3);
    assertThat(errors()).isEqualTo(ICE);
    assertThat(rig.unit.read(0xB0, 8) >>> 48).as("ICESID").isEqualTo(0x42);
    rig.submit(0x5 | 1 << 5 | 7L << 32, status);
    assertThat(rig.memory.readDword(status)).as("the queue goes on").isEqualTo(7);
  }

  @Test
  void reservedBitsOfAnInvalidationStopTheQueue() {
    rig.submit(0x3 | 1L << 16 | (long) Rig.SID << 32, EVERYTHING | 1);
    assertThat(errors()).as("MIP without DIT").isEqualTo(IQE);
  }
}
