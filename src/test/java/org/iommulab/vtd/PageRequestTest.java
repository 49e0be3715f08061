package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.DeviceTlb.Denied;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent.Fate;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Translation;
import org.junit.jupiter.api.Test;

/** Page requests and their answers in scalable mode. */
class PageRequestTest {

  private static final long DTE = 4;
  private static final long PASIDE = 8;
  private static final long PRE = 16;
  private static final int PQH = 0xC0;
  private static final int PQT = 0xC8;
  private static final int PQA = 0xD0;
  private static final int PRS = 0xDC;
  private static final int PECTL = 0xE0;
  private static final Pasid PASID = new Pasid(7);
  private static final long ENTRIES = 128;

  private final Rig rig = Rig.spec();
  private final long queue;
  private final long top;

  PageRequestTest() {
    rig.scalable(DTE | PASIDE | PRE);
    top = rig.firstStage(PASID.value(), 0);
    rig.secondStage(0, 0);
    rig.map(top, 4, 0x1000, Rig.DATA | 7, 1, 7);
    queue = rig.table();
    rig.unit.write(PQA, 8, queue);
    rig.unit.write(0xE4, 4, 0x31);
    rig.unit.write(0xE8, 4, 0xFEE0_0000L);
    rig.unit.write(PECTL, 4, 0);
    rig.start(1);
    rig.queue(1 << 11);
  }

  private static PageRequestMessage message(long address, int group, boolean last) {
    return new PageRequestMessage(
        Rig.DEVICE, PASID, address, true, true, false, false, last, group);
  }

  private Fate ask(long address, int group, boolean last) {
    return rig.unit.request(message(address, group, last)).fate();
  }

  private long status() {
    return rig.unit.read(PRS, 4);
  }

  private void expectFault(FaultReason reason) {
    assertThat(rig.record() >>> 32 & 0xFF).isEqualTo(reason.code());
    assertThat(rig.record() >>> 62 & 1).as("T1").isZero();
    assertThat(rig.record() >>> 28 & 1).as("T2").isEqualTo(1);
  }

  @Test
  void requestIsWrittenWhereTheTailPoints() {
    assertThat(ask(0x5123, 9, true)).isEqualTo(Fate.QUEUED);
    assertThat(rig.memory.readQword(queue))
        .isEqualTo(1L | 1 << 8 | Rig.SID << 16 | (long) PASID.value() << 32);
    assertThat(rig.memory.readQword(queue + 8)).isEqualTo(0x5000L | 9 << 3 | 4 | 3);
    assertThat(rig.unit.read(PQT, 8)).isEqualTo(32);
    assertThat(status()).isEqualTo(1);
  }

  @Test
  void firstRequestRaisesOneEvent() {
    ask(0x5000, 1, false);
    ask(0x6000, 1, true);
    assertThat(rig.messages).hasSize(1);
    assertThat(rig.messages.getFirst()).containsExactly(0xFEE0_0000L, 0x31);
    rig.unit.write(PRS, 4, 1);
    ask(0x7000, 2, true);
    assertThat(rig.messages).hasSize(2);
  }

  @Test
  void maskedEventIsGivenUpWithItsCondition() {
    rig.unit.write(PECTL, 4, 1L << 31);
    ask(0x5000, 1, true);
    assertThat(rig.unit.read(PECTL, 4)).isEqualTo(3L << 30);
    rig.unit.write(PRS, 4, 1);
    assertThat(rig.unit.read(PECTL, 4)).isEqualTo(1L << 31);
    rig.unit.write(PECTL, 4, 0);
    assertThat(rig.messages).isEmpty();
  }

  @Test
  void requestWithoutPasidSaysSo() {
    var message =
        new PageRequestMessage(Rig.DEVICE, Pasid.NONE, 0x5000, true, false, false, false, true, 3);
    assertThat(rig.unit.request(message).fate()).isEqualTo(Fate.QUEUED);
    assertThat(rig.memory.readQword(queue)).isEqualTo(1L | Rig.SID << 16);
  }

  @Test
  void softwareAnswersTheGroup() {
    ask(0x5000, 9, true);
    rig.submitWide(9 | 1 << 4 | (long) Rig.SID << 16 | (long) PASID.value() << 32, 9 << 3);
    assertThat(rig.endpoint.drainResponses())
        .containsExactly(new PageGroupResponse(PASID, 9, PageGroupResponse.SUCCESS));
  }

  @Test
  void fullQueueLosesRequestsUntilOverflowIsCleared() {
    for (int i = 0; i < ENTRIES - 1; i++) {
      assertThat(ask(0x1000L * i, 1, false)).isEqualTo(Fate.QUEUED);
    }
    assertThat(ask(0x5000, 2, true)).isEqualTo(Fate.OVERFLOW);
    assertThat(status()).isEqualTo(3);
    rig.unit.write(PQH, 8, rig.unit.read(PQT, 8));
    assertThat(ask(0x5000, 3, false)).as("until PRO is cleared").isEqualTo(Fate.OVERFLOW);
    assertThat(rig.endpoint.drainResponses())
        .as("the unit answers lost groups itself")
        .containsExactly(new PageGroupResponse(PASID, 2, PageGroupResponse.SUCCESS));
    rig.unit.write(PRS, 4, 3);
    assertThat(ask(0x5000, 4, true)).isEqualTo(Fate.QUEUED);
  }

  @Test
  void tailWrapsAround() {
    rig.unit.write(PQH, 8, 64);
    for (int i = 0; i < ENTRIES; i++) {
      ask(0x1000, 1, false);
      rig.unit.write(PQH, 8, rig.unit.read(PQT, 8));
    }
    assertThat(rig.unit.read(PQT, 8)).isZero();
    assertThat(status()).isEqualTo(1);
  }

  @Test
  void stopMarkerIsQueuedAndNeverAnswered() {
    assertThat(rig.unit.request(PageRequestMessage.stopMarker(Rig.DEVICE, PASID)).fate())
        .isEqualTo(Fate.QUEUED);
    assertThat(rig.memory.readQword(queue + 8)).isEqualTo(4);
    rig.set(rig.context + Rig.SID * 32L, rig.directory | 1 | DTE | PASIDE);
    rig.submitWide(0x1 | 1 << 4, 0);
    assertThat(rig.unit.request(PageRequestMessage.stopMarker(Rig.DEVICE, PASID)).fate())
        .isEqualTo(Fate.REFUSED);
    assertThat(rig.endpoint.drainResponses()).isEmpty();
  }

  @Test
  void deviceWithoutPageRequestsIsRefused() {
    rig.set(rig.context + Rig.SID * 32L, rig.directory | 1 | DTE | PASIDE);
    assertThat(ask(0x5000, 9, true)).isEqualTo(Fate.REFUSED);
    expectFault(FaultReason.PAGE_REQUEST_NOT_ENABLED);
    assertThat(rig.endpoint.drainResponses())
        .containsExactly(new PageGroupResponse(PASID, 9, PageGroupResponse.INVALID_REQUEST));
  }

  @Test
  void brokenTablesFailTheGroup() {
    rig.pasidEntry(PASID.value(), 7 << 6 | 1, Rig.DID | 1L << 23);
    assertThat(ask(0x5000, 9, true)).isEqualTo(Fate.REFUSED);
    expectFault(FaultReason.PASID_ENTRY_INVALID);
    assertThat(rig.endpoint.drainResponses())
        .containsExactly(new PageGroupResponse(PASID, 9, PageGroupResponse.FAILURE));
  }

  @Test
  void legacyModeKnowsNoPageRequests() {
    rig.start(0);
    assertThat(ask(0x5000, 9, true)).isEqualTo(Fate.REFUSED);
    expectFault(FaultReason.PAGE_REQUEST_IN_LEGACY_MODE);
  }

  @Test
  void askingForAPageDropsItsStaleTranslation() {
    rig.request(Kind.READ, 0x1000, PASID.value(), false);
    assertThat(rig.unit.iotlb()).hasSize(1);
    ask(0x1000, 1, true);
    assertThat(rig.unit.iotlb()).isEmpty();
  }

  @Test
  void pageThatIsBroughtInCanBeUsed() {
    var access = DmaAccess.of(Rig.DEVICE, 0x5000, 8, Kind.WRITE).withPasid(PASID);
    assertThat(rig.endpoint.way(access)).isInstanceOf(Denied.class);
    assertThat(rig.isRecorded()).isFalse();
    rig.endpoint.request(message(0x5000, 1, true));
    rig.map(top, 4, 0x5000, Rig.DATA + 0x5000 | 7, 1, 7);
    var entry =
        rig.endpoint
            .fetch(TranslationRequest.of(Rig.DEVICE, 0x5000).withPasid(PASID))
            .entries()
            .getFirst();
    assertThat(entry.raw()).isEqualTo(Rig.DATA + 0x5000 | 3);
    assertThat(rig.memory.readQword(rig.slot(top, 4, 0x5000, 1)) & 0x60)
        .as("accessed and dirty")
        .isEqualTo(0x60);
  }

  @Test
  void readOnlyTranslationLeavesThePageClean() {
    var request = TranslationRequest.of(Rig.DEVICE, 0x1000).withPasid(PASID).withNoWrite(true);
    assertThat(rig.unit.translate(request).entries().getFirst().raw()).isEqualTo(Rig.DATA | 1);
    assertThat(rig.memory.readQword(rig.slot(top, 4, 0x1000, 1)) & 0x60).isEqualTo(0x20);
  }

  @Test
  void executeAndPrivilegedRightsComeOnlyOnDemand() {
    rig.pasidEntry(PASID.value(), 1 << 6 | 1, Rig.DID | 1L << 23, top | 1 | 2);
    rig.submitWide(7 | 3 << 4, 0);
    var plain = TranslationRequest.of(Rig.DEVICE, 0x1000).withPasid(PASID);
    var execute = new TranslationRequest(Rig.DEVICE, 0x1000, 1, PASID, false, true, true);
    assertThat(rig.unit.translate(plain).entries().getFirst().raw() & 0x1F).isEqualTo(3);
    assertThat(rig.unit.translate(execute).entries().getFirst().raw() & 0x1F).isEqualTo(0x1B);
  }

  @Test
  void pasidInvalidationLeavesOtherPasids() {
    rig.pasidEntry(8, 1 << 6 | 1, Rig.DID | 1L << 23, top);
    rig.endpoint.fetch(TranslationRequest.of(Rig.DEVICE, 0x1000).withPasid(PASID));
    rig.endpoint.fetch(TranslationRequest.of(Rig.DEVICE, 0x1000).withPasid(new Pasid(8)));
    rig.submitWide(
        8 | (long) Rig.SID << 16 | (long) PASID.value() << 32, 0x7FFF_FFFF_FFFF_F000L | 1 << 11);
    assertThat(rig.endpoint.lines()).singleElement().matches(line -> line.pasid().value() == 8);
    rig.submitWide(8 | (long) Rig.SID << 16, 0x7FFF_FFFF_FFFF_F000L | 1 << 11 | 1);
    assertThat(rig.endpoint.lines()).isEmpty();
  }

  @Test
  void translatedRequestWithPasidIsAborted() {
    var request =
        DmaAccess.read(Rig.DEVICE, Rig.DATA, 8)
            .withPasid(PASID)
            .withType(DmaAccess.AddressType.TRANSLATED);
    assertThat(rig.unit.translate(request)).isInstanceOf(Translation.Aborted.class);
  }
}
