package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.SID;

import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.junit.jupiter.api.Test;

/** Cached entries of every kind are fresh until the tables change. */
class FreshnessTest {

  private static final int PASID = 3;

  private final Rig rig =
      new Rig(
          Profiles.spec(Rig.everything())
              .withPasidCache(CacheGeometry.of(16, 4))
              .withPagingCache(CacheGeometry.of(16, 4))
              .withInterruptCache(CacheGeometry.of(16, 4)));

  private long legacy() {
    long top = rig.legacy(1, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
    rig.read(0x1000);
    return top;
  }

  private boolean anyPagingStale() {
    return rig.unit.pagingCache().stream().anyMatch(rig.unit::isStale);
  }

  @Test
  void pagingStructureGoesStaleWithItsEntry() {
    long top = legacy();
    assertThat(rig.unit.pagingCache()).hasSize(3);
    assertThat(anyPagingStale()).isFalse();
    long slot = rig.slot(top, 4, 0x1000, 2);
    long entry = rig.memory.readQword(slot);
    rig.memory.writeQword(slot, entry & ~2);
    assertThat(anyPagingStale()).as("a right is gone").isTrue();
    rig.memory.writeQword(slot, rig.table() | 3);
    assertThat(anyPagingStale()).as("another table").isTrue();
    rig.memory.writeQword(slot, entry);
    assertThat(anyPagingStale()).isFalse();
  }

  @Test
  void firstStageWalksStartBelowWhatIsCached() {
    long top = firstStage();
    WalkPath path = rig.request(Kind.READ, 0x2000, PASID, false);
    WalkPathAssert.assertThat(path).hits(WalkStep.Stage.PAGING_CACHE).reaches(DATA + 0x1000);
    assertThat(path.steps().stream().filter(s -> s.stage() == WalkStep.Stage.FIRST_STAGE).count())
        .as("one level of four")
        .isEqualTo(1);
    assertThat(anyPagingStale()).isFalse();
    rig.memory.writeQword(rig.slot(top, 4, 0x1000, 3), 0);
    assertThat(anyPagingStale()).isTrue();
    WalkPathAssert.assertThat(rig.request(Kind.READ, 0x2000, PASID, false)).reaches(DATA + 0x1000);
  }

  @Test
  void cachedFirstStageTableNarrowsAsItsEntriesDid() {
    long top = firstStage();
    long slot = rig.slot(top, 4, 0x1000, 4);
    rig.memory.writeQword(slot, rig.memory.readQword(slot) & ~2);
    rig.submitWide(6 | 2 << 4 | (long) Rig.DID << 16 | (long) PASID << 32, 0);
    rig.request(Kind.READ, 0x1000, PASID, false);
    rig.memory.writeQword(slot, rig.memory.readQword(slot) | 2);
    WalkPathAssert.assertThat(rig.request(Kind.WRITE, 0x2000, PASID, false))
        .hits(WalkStep.Stage.PAGING_CACHE)
        .faultsWith(FaultReason.SCALABLE_WRITE_DENIED);
    rig.submitWide(6 | 2 << 4 | (long) Rig.DID << 16 | (long) PASID << 32, 0);
    WalkPathAssert.assertThat(rig.request(Kind.WRITE, 0x2000, PASID, false)).reaches(DATA + 0x1000);
  }

  @Test
  void leafHintKeepsFirstStageTables() {
    firstStage();
    int tables = rig.unit.pagingCache().size();
    assertThat(tables).isEqualTo(3);
    long page = 0x1000 | 1 << 6;
    rig.submitWide(6 | 3 << 4 | (long) Rig.DID << 16 | (long) PASID << 32, page);
    assertThat(rig.unit.pagingCache()).hasSize(tables);
    assertThat(rig.unit.iotlb()).isEmpty();
    rig.submitWide(6 | 3 << 4 | (long) Rig.DID << 16 | (long) PASID << 32, 0x1000);
    assertThat(rig.unit.pagingCache()).isEmpty();
  }

  /** Two pages of a PASID, the first of them read. */
  private long firstStage() {
    rig.scalable(8);
    long top = rig.firstStage(PASID, 0);
    rig.map(top, 4, 0x1000, DATA | 7, 1, 7);
    rig.map(top, 4, 0x2000, DATA + 0x1000 | 7, 1, 7);
    rig.start(1);
    rig.queue(1 << 11);
    rig.request(Kind.READ, 0x1000, PASID, false);
    return top;
  }

  @Test
  void nestedWalksKeepGuestTables() {
    rig.scalable(8);
    long second = rig.table();
    long top = rig.table();
    rig.pasidEntry(PASID, second | 3 << 6 | 2 << 2 | 1, Rig.DID | 1L << 23, top);
    rig.map(top, 4, 0x1000, 0x7007, 1, 7);
    rig.map(top, 4, 0x2000, 0x7007, 1, 7);
    for (long page = 0x10_0000; page < 0x14_0000; page += 4096) {
      rig.map(second, 4, page, page | 3, 1, 3);
    }
    rig.map(second, 4, 0x7000, DATA | 3, 1, 3);
    rig.start(1);
    WalkPathAssert.assertThat(rig.request(Kind.READ, 0x1000, PASID, false)).reaches(DATA);
    assertThat(anyPagingStale()).isFalse();
    WalkPath path = rig.request(Kind.READ, 0x2000, PASID, false);
    WalkPathAssert.assertThat(path).hits(WalkStep.Stage.PAGING_CACHE).reaches(DATA);
    assertThat(path.reads())
        .as("one first-stage entry; three walks to read it, to set its bit, and for the page")
        .isEqualTo(13);
  }

  @Test
  void interruptEntryGoesStaleWithItsTable() {
    long table = rig.table();
    rig.set(table, 0x41_0001, 0);
    rig.unit.write(0xB8, 8, table | 3);
    rig.command(1L << 24);
    rig.enable(1L << 25);
    rig.unit.interrupt(SID, 0xFEE0_0010L, 0);
    CacheLine line = rig.unit.interruptCache().getFirst();
    assertThat(rig.unit.isStale(line)).isFalse();
    rig.set(table, 0x42_0001, 0);
    assertThat(rig.unit.isStale(line)).isTrue();
  }

  @Test
  void pasidEntryGoesStaleWithItsTable() {
    rig.scalable(8);
    long top = rig.firstStage(PASID, 0);
    rig.map(top, 4, 0x1000, DATA | 7, 1, 7);
    rig.start(1);
    rig.request(Kind.READ, 0x1000, PASID, false);
    CacheLine line = rig.unit.pasidCache().getFirst();
    assertThat(rig.unit.isStale(line)).isFalse();
    rig.set(rig.pasids + 64 * PASID, 0);
    assertThat(rig.unit.isStale(line)).isTrue();
  }

  @Test
  void secondStageLineThatAPasidFilledIsFresh() {
    rig.scalable(8);
    long top = rig.secondStage(PASID, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(1);
    rig.request(Kind.READ, 0x1000, PASID, false);
    assertThat(rig.unit.iotlb()).singleElement().matches(line -> !rig.unit.isStale(line));
    assertThat(anyPagingStale()).isFalse();
    rig.set(rig.slot(top, 4, 0x1000, 1), 0);
    assertThat(rig.unit.iotlb()).singleElement().matches(rig.unit::isStale);
  }

  @Test
  void deviceTranslationGoesStaleWithItsPage() {
    long top = legacy();
    rig.endpoint.fetch(TranslationRequest.of(Rig.DEVICE, 0x1000));
    var line = rig.endpoint.lines().getFirst();
    assertThat(rig.unit.isStale(Rig.DEVICE, line)).isFalse();
    rig.map(top, 4, 0x1000, DATA | 1, 1, 3);
    assertThat(rig.unit.isStale(Rig.DEVICE, line)).as("it may still write").isTrue();
    rig.map(top, 4, 0x1000, DATA + 0x1000 | 3, 1, 3);
    assertThat(rig.unit.isStale(Rig.DEVICE, line)).as("it leads elsewhere").isTrue();
  }

  @Test
  void entryOfPrivilegedPageIsFresh() {
    rig.scalable(8);
    long top = rig.firstStage(PASID, 1);
    rig.map(top, 4, 0x1000, DATA | 0x63, 1, 0x67);
    rig.start(1);
    rig.request(Kind.READ, 0x1000, PASID, true);
    assertThat(rig.unit.iotlb()).singleElement().matches(line -> !rig.unit.isStale(line));
  }

  @Test
  void narrowedTablesMakeAnEntryGrantTooMuchAndWidenedOnesDoNot() {
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.map(top, 4, 0x2000, DATA | 1, 1, 3);
    rig.start(0);
    rig.read(0x1000);
    rig.read(0x2000);
    rig.set(rig.slot(top, 4, 0x1000, 1), DATA | 1);
    rig.set(rig.slot(top, 4, 0x2000, 1), DATA | 3);
    for (CacheLine line : rig.unit.iotlb()) {
      assertThat(rig.unit.isStale(line)).isTrue();
      assertThat(rig.unit.grantsTooMuch(line)).isEqualTo(line.page() == 0x1000);
    }
  }
}
