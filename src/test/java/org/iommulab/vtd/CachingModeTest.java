package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.DID;
import static org.iommulab.vtd.Rig.SID;

import java.util.List;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.junit.jupiter.api.Test;

/** With caching mode absence is cached too, so that a forgotten invalidation shows. */
class CachingModeTest {

  private static final int PASID = 3;

  private static UnitConfiguration cachingMode(boolean on) {
    Capabilities all = Rig.everything();
    return Profiles.spec(
            new Capabilities(
                CapabilityLayout.CM.with(all.cap(), on ? 1 : 0),
                all.ecap(),
                all.version(),
                all.hostAddressWidth()))
        .withPasidCache(CacheGeometry.of(16, 4));
  }

  private final Rig rig = new Rig(cachingMode(true));

  private long legacy() {
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
    return top;
  }

  private static boolean isDone(WalkPath path) {
    return path.outcome() instanceof Translation.Done done && done.memory();
  }

  private void invalidatePage(int domain, long address) {
    rig.unit.write(0xF0, 8, address);
    rig.unit.write(0xF8, 8, 1L << 63 | 3L << 60 | (long) domain << 32);
  }

  private void invalidateContext(int domain) {
    rig.unit.write(0x28, 8, 1L << 63 | 3L << 61 | (long) SID << 16 | domain);
  }

  @Test
  void newPageIsSeenOnlyAfterAnInvalidation() {
    long top = legacy();
    assertThat(isDone(rig.read(0x2000))).isFalse();
    rig.map(top, 4, 0x2000, DATA + 0x1000 | 3, 1, 3);
    WalkPathAssert.assertThat(rig.read(0x2000)).faultsWith(FaultReason.READ_DENIED).isRecorded();
    assertThat(isDone(rig.write(0x2000))).isFalse();
    invalidatePage(DID, 0x2000);
    assertThat(isDone(rig.read(0x2000))).isTrue();
  }

  @Test
  void withoutCachingModeItIsSeenAtOnce() {
    Rig plain = new Rig(cachingMode(false));
    long top = plain.legacy(0, 0);
    plain.map(top, 4, 0x1000, DATA | 3, 1, 3);
    plain.start(0);
    plain.read(0x2000);
    plain.map(top, 4, 0x2000, DATA | 3, 1, 3);
    assertThat(isDone(plain.read(0x2000))).isTrue();
  }

  @Test
  void fastRequestsRespectCachedAbsence() {
    long top = legacy();
    rig.read(0x1000);
    assertThat(rig.unit.translateFast(SID, 0x2000, Rights.READ))
        .isEqualTo(-FaultReason.READ_DENIED.code());
    rig.map(top, 4, 0x2000, DATA | 3, 1, 3);
    assertThat(rig.unit.translateFast(SID, 0x2000, Rights.READ))
        .isEqualTo(-FaultReason.READ_DENIED.code());
    invalidatePage(DID, 0x2000);
    assertThat(rig.unit.translateFast(SID, 0x2000, Rights.READ)).isEqualTo(DATA);
  }

  @Test
  void absentTableCoversAllItsPages() {
    long top = legacy();
    rig.read(0x4000_0000L);
    rig.map(top, 4, 0x4020_0000L, DATA | 3, 1, 3);
    assertThat(isDone(rig.read(0x4020_0000L))).isFalse();
    invalidatePage(DID, 0x4020_0000L);
    assertThat(isDone(rig.read(0x4020_0000L))).isTrue();
  }

  @Test
  void missingRightIsNotCachedAsAbsence() {
    long top = legacy();
    rig.map(top, 4, 0x3000, DATA | 1, 1, 3);
    assertThat(isDone(rig.write(0x3000))).isFalse();
    rig.map(top, 4, 0x3000, DATA | 3, 1, 3);
    assertThat(isDone(rig.write(0x3000))).as("no absence was cached").isTrue();
  }

  @Test
  void brokenEntryKeepsItsReason() {
    long top = legacy();
    rig.map(top, 4, 0x3000, DATA | 3 | 1L << 46, 1, 3);
    rig.read(0x3000);
    rig.map(top, 4, 0x3000, DATA | 3, 1, 3);
    WalkPathAssert.assertThat(rig.read(0x3000)).faultsWith(FaultReason.TABLE_RESERVED);
  }

  @Test
  void absentContextIsTaggedWithDomainZero() {
    long top = legacy();
    rig.set(rig.context + SID * 16L, 0);
    rig.read(0x1000);
    rig.set(rig.context + SID * 16L, top | 1);
    invalidateContext(DID);
    WalkPathAssert.assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_NOT_PRESENT);
    invalidateContext(0);
    assertThat(isDone(rig.read(0x1000))).isTrue();
  }

  @Test
  void cachedAbsenceIsListedAndGoesStale() {
    long top = legacy();
    rig.read(0x2000);
    List<CacheLine> lines = rig.unit.iotlb();
    assertThat(lines).singleElement().matches(CacheLine::negative);
    assertThat(rig.unit.isStale(lines.getFirst())).isFalse();
    rig.map(top, 4, 0x2000, DATA | 2, 1, 3);
    assertThat(rig.unit.isStale(lines.getFirst())).isTrue();
  }

  @Test
  void absentScalableContextAndPasidEntryAreCached() {
    rig.scalable(8);
    long top = rig.firstStage(PASID, 0);
    rig.map(top, 4, 0x1000, DATA | 7, 1, 7);
    rig.set(rig.pasids + 64 * PASID, 0);
    rig.start(1);
    rig.queue(1 << 11);
    rig.request(Kind.READ, 0x1000, PASID, false);
    rig.set(rig.pasids + 64 * PASID, 1 << 6 | 1);
    WalkPathAssert.assertThat(rig.request(Kind.READ, 0x1000, PASID, false))
        .faultsWith(FaultReason.PASID_ENTRY_NOT_PRESENT);
    rig.submitWide(7 | 1 << 4 | (long) DID << 16 | (long) PASID << 32, 0);
    assertThat(isDone(rig.request(Kind.READ, 0x1000, PASID, false))).isTrue();
  }

  @Test
  void firstStageAbsenceIsNeverCached() {
    rig.scalable(8);
    long top = rig.firstStage(PASID, 0);
    rig.map(top, 4, 0x1000, DATA | 7, 1, 7);
    rig.start(1);
    rig.request(Kind.READ, 0x2000, PASID, false);
    rig.map(top, 4, 0x2000, DATA | 7, 1, 7);
    assertThat(isDone(rig.request(Kind.READ, 0x2000, PASID, false))).isTrue();
  }
}
