package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.SID;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.testing.Allocated;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.UnitCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast way: same answers, same counts, no allocation. */
class TranslationFastTest {

  private static final int ROUNDS = 20_000;

  private static Rig rig(boolean cached) {
    UnitConfiguration configuration = Profiles.spec(Rig.everything());
    Rig rig = new Rig(cached ? configuration : configuration.withIotlb(CacheGeometry.none()));
    long top = rig.legacy(0, 0);
    for (int page = 0; page < 64; page++) {
      rig.map(top, 4, page * 4096L, DATA + page * 4096L | 3, 1, 3);
    }
    rig.start(0);
    return rig;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allocatesNothing(boolean cached) {
    Rig rig = rig(cached);
    translateMany(rig);
    Allocated.here();
    long before = Allocated.here();
    long sum = translateMany(rig);
    long allocated = Allocated.here() - before;
    assertThat(sum).isNotZero();
    // The measurement itself takes a few objects; one byte per request would be 20,000.
    assertThat(allocated).isLessThan(ROUNDS / 10);
  }

  private static long translateMany(Rig rig) {
    long sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      sum += rig.unit.translateFast(SID, (i & 63) * 4096L + 8, Rights.READ);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyRequestIsCounted(boolean cached) {
    Rig rig = rig(cached);
    for (int i = 0; i < 128; i++) {
      assertThat(rig.unit.translateFast(SID, (i & 63) * 4096L, Rights.WRITE))
          .isEqualTo(DATA + (i & 63) * 4096L);
    }
    UnitCounters counters = rig.unit.counters();
    assertThat(counters.requests()).isEqualTo(128);
    assertThat(counters.contextHits()).isEqualTo(127);
    assertThat(counters.contextMisses()).isEqualTo(1);
    assertThat(counters.iotlbHits()).isEqualTo(cached ? 64 : 0);
    assertThat(counters.tableReads()).isEqualTo(cached ? 256 : 512);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusalNamesItsReason(boolean cached) {
    Rig rig = rig(cached);
    assertThat(rig.unit.translateFast(SID, 0, Rights.READ)).isEqualTo(DATA);
    assertThat(rig.unit.translateFast(SID, 1L << 30, Rights.READ))
        .isEqualTo(-FaultReason.READ_DENIED.code());
    assertThat(rig.isRecorded()).isTrue();
  }

  @Test
  void tablesAnywhereInMemoryAreWalked() {
    for (long table : new long[] {0x20_0000L, PhysicalMemory.NEAR - 0x2000, 1L << 36}) {
      var memory = PhysicalMemory.ofSize(1L << 37);
      var unit =
          new RemappingUnit(
              Profiles.spec(Rig.everything()).withIotlb(CacheGeometry.none()),
              memory,
              (a, d) -> {});
      memory.writeQword(0x1000, 0x2000 | 1);
      memory.writeQword(0x2000 + SID * 16L, table | 1);
      memory.writeQword(0x2008 + SID * 16L, Rig.DID << 8 | 2);
      for (int level = 4; level > 1; level--) {
        memory.writeQword(table + (4 - level) * 4096L, table + (5 - level) * 4096L | 3);
      }
      memory.writeQword(table + 3 * 4096L + 8, DATA | 3);
      unit.write(0x20, 8, 0x1000);
      unit.write(0x18, 4, 1L << 30);
      unit.write(0x18, 4, 1L << 31);
      for (int i = 0; i < 3; i++) {
        assertThat(unit.translateFast(SID, 0x1234, Rights.READ)).isEqualTo(DATA + 0x234);
      }
      assertThat(unit.counters().requests()).isEqualTo(3);
      assertThat(unit.counters().tableReads()).isEqualTo(12);
      assertThat(unit.counters().contextHits()).isEqualTo(2);
    }
  }

  /** An address beyond all RAM must not be taken for one that has the same low bits. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void tablesBeyondAllMemoryAreNotFound(int level) {
    Rig rig = rig(false);
    long top = rig.memory.readQword(rig.context + SID * 16L) & -4096L;
    assertThat(rig.unit.translateFast(SID, 0x8, Rights.READ)).isEqualTo(DATA + 8);
    assertThat(rig.unit.translateFast(SID, 0x8, Rights.READ)).isEqualTo(DATA + 8);
    long at = level == 0 ? rig.context + SID * 16L : rig.slot(top, 4, 0, 5 - level);
    rig.memory.writeQword(at, rig.memory.readQword(at) | PhysicalMemory.LIMIT);
    rig.unit.write(0x28, 8, 1L << 63 | 1L << 61);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.unit.translateFast(SID, 0x8, Rights.READ)).isNegative();
    }
  }

  /** A page where there are none of that size, and an entry that only lacks a table's right. */
  @ParameterizedTest
  @CsvSource({"2, 0x83, 0xC", "3, 0x83, 0xC", "2, 0x2, 0x6", "3, 0x2, 0x6", "1, 0x2, 0x6"})
  void whatIsNoPageIsNotTakenForOne(int level, int bits, int reason) {
    Capabilities all = Rig.everything();
    long cap = CapabilityLayout.SSLPS.with(all.cap(), 0);
    var small = new Capabilities(cap, all.ecap(), all.version(), all.hostAddressWidth());
    Rig rig = new Rig(Profiles.spec(small).withIotlb(CacheGeometry.none()));
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0, DATA | 3, 1, 3);
    rig.start(0);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.unit.translateFast(SID, 8, Rights.READ)).isEqualTo(DATA + 8);
    }
    rig.memory.writeQword(rig.slot(top, 4, 0, level), 0x4000_0000L | bits);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.unit.translateFast(SID, 8, Rights.READ)).isEqualTo(-reason);
    }
  }

  @Test
  void nestedTablesBeyondAllMemoryAreNotFound() {
    Rig rig = new Rig(Profiles.spec(Rig.everything()).withIotlb(CacheGeometry.none()));
    rig.scalable(0);
    long top = rig.firstStage(0, 0);
    long second = rig.table();
    rig.pasidEntry(0, second | 3 << 6 | 2 << 2 | 1);
    rig.map(second, 4, 0, 0x83, 3, 3);
    rig.map(top, 4, 0x1000, DATA | 0x67, 1, 0x67);
    rig.start(1);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.unit.translateFast(SID, 0x1008, Rights.READ)).isEqualTo(DATA + 8);
    }
    long leaf = rig.slot(second, 4, 0, 3);
    rig.memory.writeQword(leaf, rig.memory.readQword(leaf) | PhysicalMemory.LIMIT);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.unit.translateFast(SID, 0x1008, Rights.READ)).isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstStageAndNestedWalksAreServed(boolean nested) {
    Rig rig = new Rig(Profiles.spec(Rig.everything()).withIotlb(CacheGeometry.none()));
    rig.scalable(0);
    long top = rig.firstStage(0, 0);
    if (nested) {
      long second = rig.table();
      rig.pasidEntry(0, second | 3 << 6 | 2 << 2 | 1);
      rig.map(second, 4, 0, 0x83, 3, 3);
    }
    rig.map(top, 4, 0x1000, DATA | 0x67, 1, 0x67);
    rig.map(top, 4, 0x2000, DATA | 0x07, 1, 0x67);
    rig.map(top, 4, 0x3000, DATA | 0x65, 1, 0x67);
    rig.start(1);
    int reads = nested ? 4 + 5 * 2 : 4;
    for (int i = 1; i <= 4; i++) {
      assertThat(rig.unit.translateFast(SID, 0x1008, Rights.WRITE)).isEqualTo(DATA + 8);
      assertThat(rig.unit.counters().tableReads()).isEqualTo((long) i * reads);
    }
    assertThat(rig.unit.translateFast(SID, 0x2000, Rights.WRITE)).isEqualTo(DATA);
    assertThat(rig.memory.readQword(rig.slot(top, 4, 0x2000, 1)) & 0x60).isEqualTo(0x60);
    assertThat(rig.unit.translateFast(SID, 0x3000, Rights.WRITE))
        .isEqualTo(-FaultReason.SCALABLE_WRITE_DENIED.code());
    assertThat(rig.unit.translateFast(SID, 1L << 47, Rights.READ))
        .isEqualTo(-FaultReason.NOT_CANONICAL.code());
  }

  @Test
  void devicesInTurnAreServedUntilOneIsInvalidated() {
    Rig rig = rig(false);
    int other = SID + 8;
    rig.set(
        rig.context + other * 16L,
        rig.memory.readQword(rig.context + SID * 16L),
        Rig.DID + 1 << 8 | 2);
    for (int i = 0; i < 6; i++) {
      assertThat(rig.unit.translateFast(i % 2 == 0 ? SID : other, 8, Rights.READ))
          .isEqualTo(DATA + 8);
    }
    assertThat(rig.unit.counters().contextMisses()).isEqualTo(2);
    rig.set(rig.context + other * 16L, 0, 0);
    rig.unit.write(0x28, 8, 1L << 63 | 3L << 61 | (long) other << 16 | Rig.DID + 1);
    assertThat(rig.unit.translateFast(other, 8, Rights.READ))
        .isEqualTo(-FaultReason.CONTEXT_NOT_PRESENT.code());
    assertThat(rig.unit.translateFast(SID, 8, Rights.READ)).isEqualTo(DATA + 8);
  }

  @Test
  void firstStageHitsAreServedAndPrivilegedPagesAreNot() {
    Rig rig = Rig.spec();
    rig.scalable(8);
    long top = rig.firstStage(0, 0);
    rig.map(top, 4, 0x1000, DATA | 0x67, 1, 0x67);
    rig.map(top, 4, 0x2000, DATA | 0x63, 1, 0x67);
    rig.start(1);
    for (int i = 0; i < 4; i++) {
      assertThat(rig.unit.translateFast(SID, 0x1008, Rights.WRITE)).isEqualTo(DATA + 8);
      assertThat(rig.unit.translateFast(SID, 0x2008, Rights.READ))
          .isEqualTo(-FaultReason.USER_DENIED.code());
    }
    UnitCounters counters = rig.unit.counters();
    assertThat(counters.requests()).isEqualTo(8);
    assertThat(counters.iotlbHits()).isEqualTo(3);
    assertThat(counters.iotlbMisses()).isEqualTo(5);
    assertThat(counters.contextHits()).isEqualTo(7);
  }
}
