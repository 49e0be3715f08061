package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.DID;

import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.CacheGeometry.Policy;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.junit.jupiter.api.Test;

/** IOTLB and context cache: replacement, staleness, precise invalidation. */
class CacheTest {

  private static Rig rig(CacheGeometry geometry) {
    Rig rig = new Rig(Profiles.spec(Rig.everything()).withIotlb(geometry));
    long top = rig.legacy(0, 0);
    for (int page = 0; page < 32; page++) {
      rig.map(top, 4, page * 4096L, DATA + page * 4096L | 3, 1, 3);
    }
    rig.map(top, 4, 0x4000_0000L, 0x80 | 3, 2, 3);
    rig.start(0);
    return rig;
  }

  private static boolean holds(Rig rig, long page) {
    return rig.unit.iotlb().stream().anyMatch(line -> line.page() == page);
  }

  private static void fill(Rig rig, int... pages) {
    for (int page : pages) {
      rig.read(page * 4096L);
    }
  }

  @Test
  void leastRecentlyUsedGoes() {
    Rig rig = rig(new CacheGeometry(1, 4, Policy.LEAST_RECENTLY_USED));
    fill(rig, 0, 1, 2, 3, 0, 4);
    assertThat(holds(rig, 0x1000)).isFalse();
    assertThat(holds(rig, 0)).isTrue();
  }

  @Test
  void firstInGoesThoughItWasUsed() {
    Rig rig = rig(new CacheGeometry(1, 4, Policy.FIRST_IN_FIRST_OUT));
    fill(rig, 0, 1, 2, 3, 0, 4);
    assertThat(holds(rig, 0)).isFalse();
  }

  @Test
  void treeSparesTheLastUsed() {
    Rig rig = rig(new CacheGeometry(1, 4, Policy.TREE_PSEUDO_LRU));
    fill(rig, 0, 1, 2, 3, 0, 4);
    assertThat(holds(rig, 0)).isTrue();
    assertThat(rig.unit.iotlb()).hasSize(4);
  }

  @Test
  void randomReplacementFollowsItsSeed() {
    var geometry = new CacheGeometry(1, 4, Policy.RANDOM);
    Rig one = rig(geometry);
    Rig two = rig(geometry);
    fill(one, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    fill(two, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(one.unit.iotlb()).isEqualTo(two.unit.iotlb()).hasSize(4);
  }

  @Test
  void fullCacheIsEmptied() {
    Rig rig = rig(CacheGeometry.emptiedWhenFull(8));
    fill(rig, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(rig.unit.iotlb()).hasSize(1);
  }

  @Test
  void unboundedCacheKeepsEverything() {
    Rig rig = rig(CacheGeometry.unbounded());
    for (int page = 0; page < 32; page++) {
      fill(rig, page);
    }
    assertThat(rig.unit.iotlb()).hasSize(32);
  }

  @Test
  void staleEntryIsServedUntilInvalidated() {
    Rig rig = rig(CacheGeometry.of(16, 4));
    fill(rig, 1);
    long slot = slotOf(rig, 0x1000);
    assertThat(rig.unit.isStale(rig.unit.iotlb().getFirst())).isFalse();
    rig.set(slot, 0);
    assertThat(rig.unit.isStale(rig.unit.iotlb().getFirst())).isTrue();
    WalkPathAssert.assertThat(rig.read(0x1000)).hits(Stage.IOTLB).reaches(DATA + 0x1000);
    rig.invalidateAll();
    assertThat(rig.read(0x1000).outcome()).isInstanceOf(Translation.Blocked.class);
  }

  private static long slotOf(Rig rig, long page) {
    long top = rig.memory.readQword(rig.context + Rig.SID * 16L) & ~0xFFFL;
    return rig.slot(top, 4, page, 1);
  }

  @Test
  void pageInvalidationDropsWhatItOverlapsAndNothingElse() {
    Rig rig = rig(CacheGeometry.of(16, 4));
    fill(rig, 1, 2, 4);
    rig.read(0x4000_0000L);
    rig.unit.write(0xF0, 8, 0x2000 | 1);
    rig.unit.write(0xF8, 8, 1L << 63 | 3L << 60 | (long) DID << 32);
    assertThat(holds(rig, 0x2000)).isFalse();
    assertThat(holds(rig, 0x1000)).isTrue();
    assertThat(holds(rig, 0x4000)).isTrue();
    rig.unit.write(0xF0, 8, 0x4010_0000L);
    rig.unit.write(0xF8, 8, 1L << 63 | 3L << 60 | (long) DID << 32);
    assertThat(holds(rig, 0x4000_0000L)).isFalse();
  }

  @Test
  void domainInvalidationSparesOtherDomains() {
    Rig rig = rig(CacheGeometry.of(16, 4));
    fill(rig, 1);
    rig.unit.write(0xF8, 8, 1L << 63 | 2L << 60 | (long) (DID + 1) << 32);
    assertThat(rig.unit.iotlb()).hasSize(1);
    rig.unit.write(0xF8, 8, 1L << 63 | 2L << 60 | (long) DID << 32);
    assertThat(rig.unit.iotlb()).isEmpty();
    assertThat(rig.unit.read(0xF8, 8) >> 57 & 3).isEqualTo(2);
  }

  @Test
  void probeChangesNothing() {
    Rig rig = rig(CacheGeometry.of(16, 4));
    var before = rig.unit.counters();
    rig.unit.probe(org.iommulab.bus.DmaAccess.read(Rig.DEVICE, 0x1000, 4));
    rig.unit.probe(org.iommulab.bus.DmaAccess.read(Rig.DEVICE, 1L << 40, 4));
    assertThat(rig.unit.counters()).isEqualTo(before);
    assertThat(rig.unit.iotlb()).isEmpty();
    assertThat(rig.isRecorded()).isFalse();
  }

  @Test
  void pagingStructureCacheShortensWalksUntilInvalidated() {
    Rig rig =
        new Rig(
            Profiles.spec(Rig.everything())
                .withIotlb(CacheGeometry.none())
                .withPagingCache(CacheGeometry.of(16, 4)));
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
    rig.read(0x1000);
    long before = rig.unit.counters().tableReads();
    WalkPathAssert.assertThat(rig.read(0x1000)).hits(Stage.PAGING_CACHE).reaches(DATA);
    assertThat(rig.unit.counters().tableReads() - before).isEqualTo(1);
    rig.set(rig.slot(top, 4, 0x1000, 2), 0);
    WalkPathAssert.assertThat(rig.read(0x1000)).reaches(DATA);
    rig.invalidateAll();
    assertThat(rig.read(0x1000).outcome()).isInstanceOf(Translation.Blocked.class);
  }
}
