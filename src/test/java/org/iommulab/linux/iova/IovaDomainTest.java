package org.iommulab.linux.iova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.mm.FailureInjection;
import org.iommulab.linux.time.Timers;
import org.iommulab.testing.Seeds;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;

final class IovaDomainTest {

  private static final long TOP_32 = 0xFFFFF;
  private static final long TOP_48 = (1L << 36) - 1;

  private long time;
  private int cpu;
  private final Timers timers = new Timers(() -> time);

  private IovaDomain domain(IovaRules rules) {
    return new IovaDomain(
        rules, 12, 1, 2, () -> cpu, timers, new CallTrace(), new FailureInjection());
  }

  @Test
  void searchGoesDownFromTheLimitAlignedToSize() {
    IovaDomain domain = domain(IovaRules.NOW);
    assertThat(domain.allocateFast(3, TOP_32, false)).isEqualTo(0xFFFFC);
    assertThat(domain.allocateFast(1, TOP_32, false)).isEqualTo(0xFFFFB);
    assertThat(domain.allocateFast(2, TOP_32, false)).isEqualTo(0xFFFF8);
  }

  @Test
  void holeAboveTheRememberedRangeIsFoundOnlyWhenNothingIsBelow() {
    IovaDomain domain = domain(IovaRules.NOW);
    domain.allocate(1, TOP_32);
    domain.allocate(2, TOP_32);
    // The first took FFFFF, the second FFFFC; alignment left FFFFE, but the search begins below.
    assertThat(domain.allocate(1, TOP_32)).isEqualTo(0xFFFFB);
    assertThat(domain.isTaken(0xFFFFE)).isFalse();
  }

  @Test
  void pageZeroIsNeverGiven() {
    IovaDomain domain = domain(IovaRules.NOW);
    List<Long> all = new ArrayList<>();
    for (long pfn = domain.allocate(1, 7); pfn != 0; pfn = domain.allocate(1, 7)) {
      all.add(pfn);
    }
    assertThat(all).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void sizesBelow32PagesAreRoundedOthersOnlyAligned() {
    IovaDomain domain = domain(IovaRules.NOW);
    domain.allocateFast(5, TOP_32, false);
    assertThat(domain.view().nodes().getFirst().pages()).isEqualTo(8);
    long pfn = domain.allocateFast(33, TOP_32, false);
    assertThat(pfn & 63).isZero();
    assertThat(domain.view().nodes().getFirst().pages()).isEqualTo(33);
  }

  @Test
  void freedRangeComesBackFromTheCacheAndStaysInTheTree() {
    IovaDomain domain = domain(IovaRules.NOW);
    long pfn = domain.allocateFast(3, TOP_32, false);
    domain.allocateFast(1, TOP_32, false);
    domain.freeFast(pfn, 3);
    assertThat(domain.treeSize()).isEqualTo(2);
    assertThat(domain.view().nodes().getLast().state()).isEqualTo(IovaView.State.CACHED);
    assertThat(domain.allocateFast(3, TOP_32, false)).isEqualTo(0xFFFFC);
    assertThat(domain.treeSize()).isEqualTo(2);
  }

  @Test
  void cachedRangeAboveTheLimitIsSkipped() {
    IovaDomain domain = domain(IovaRules.NOW);
    long high = domain.allocateFast(1, TOP_48, false);
    domain.freeFast(high, 1);
    assertThat(domain.allocateFast(1, TOP_32, false)).isEqualTo(0xFFFFF);
    assertThat(domain.allocateFast(1, TOP_48, false)).isEqualTo(high);
  }

  @Test
  void otherCpuDoesNotSeeTheMagazine() {
    IovaDomain domain = domain(IovaRules.NOW);
    long pfn = domain.allocateFast(1, TOP_32, false);
    domain.freeFast(pfn, 1);
    cpu = 1;
    assertThat(domain.allocateFast(1, TOP_32, false)).isEqualTo(pfn - 1);
  }

  @Test
  void magazineOf128SwapsAtThe129thFreeInOldKernels() {
    assertThat(magazinesAfterFrees(Era.V5_4, 129)).containsExactly(1, 128, 0);
    assertThat(magazinesAfterFrees(Era.V5_15, 129)).containsExactly(1, 128, 0);
  }

  @Test
  void magazineOf127SwapsOneEarlierToday() {
    assertThat(magazinesAfterFrees(Era.V7_1, 129)).containsExactly(2, 127, 0);
    assertThat(magazinesAfterFrees(Era.V6_3, 128)).containsExactly(1, 127, 0);
  }

  @Test
  void bothFullSendsTheLoadedOneToTheDepot() {
    assertThat(magazinesAfterFrees(Era.V5_4, 257)).containsExactly(1, 128, 1);
  }

  private List<Integer> magazinesAfterFrees(Era era, int count) {
    IovaDomain domain = domain(IovaRules.of(era));
    freeMany(domain, count);
    IovaView.Cache bin = domain.view().caches().get(2);
    IovaView.CpuCache cpu0 = bin.cpus().getFirst();
    return List.of(cpu0.loaded().size(), cpu0.previous().size(), bin.depot().size());
  }

  private static void freeMany(IovaDomain domain, int count) {
    var pfns = new ArrayList<Long>();
    for (int i = 0; i < count; i++) {
      pfns.add(domain.allocateFast(4, TOP_32, false));
    }
    pfns.forEach(pfn -> domain.freeFast(pfn, 4));
  }

  @Test
  void oldDepotHolds32MagazinesThenTheTreeGetsRangesBack() {
    IovaDomain domain = domain(IovaRules.of(Era.V5_4));
    freeMany(domain, 34 * 128);
    assertThat(domain.view().caches().get(2).depot()).hasSize(32);
    assertThat(domain.treeSize()).isEqualTo(34 * 128);
    freeOneMore(domain);
    assertThat(domain.view().caches().get(2).depot()).hasSize(32);
    assertThat(domain.treeSize()).isEqualTo(33 * 128 + 1);
  }

  private static void freeOneMore(IovaDomain domain) {
    domain.freeFast(domain.allocate(4, TOP_32), 4);
  }

  @Test
  void depotOfTodayIsTrimmedToOneMagazinePerCpu() {
    IovaDomain domain = domain(IovaRules.NOW);
    freeMany(domain, 6 * 127);
    assertThat(domain.view().caches().get(2).depot()).hasSize(4);
    time = 100_000_000;
    timers.runDue();
    assertThat(domain.view().caches().get(2).depot()).hasSize(3);
    time = 1_000_000_000;
    timers.runDue();
    assertThat(domain.view().caches().get(2).depot()).hasSize(2);
    assertThat(domain.treeSize()).isEqualTo(4 * 127);
  }

  @Test
  void fullTreeEmptiesTheCachesIfAsked() {
    IovaDomain domain = domain(IovaRules.NOW);
    var pfns = new ArrayList<Long>();
    for (long pfn = domain.allocate(1, 15); pfn != 0; pfn = domain.allocate(1, 15)) {
      pfns.add(pfn);
    }
    // Every page of the small space is in the magazine for single pages.
    pfns.forEach(pfn -> domain.freeFast(pfn, 1));
    assertThat(domain.allocateFast(8, 15, false)).isZero();
    assertThat(domain.allocateFast(8, 15, true)).isEqualTo(8);
  }

  @Test
  void reservedRangesMergeAndAreNeverGiven() {
    IovaDomain domain = domain(IovaRules.NOW);
    domain.reserve(0xFEE00, 0xFEEFF);
    domain.reserve(0xFED00, 0xFFFFF);
    domain.reserve(0xFEE10, 0xFEE20);
    assertThat(domain.view().nodes())
        .extracting(IovaView.Node::low, IovaView.Node::high, IovaView.Node::state)
        .containsExactly(
            tuple(0xFED00L, 0xFEEFFL, IovaView.State.RESERVED),
            tuple(0xFEF00L, 0xFFFFFL, IovaView.State.RESERVED));
    assertThat(domain.allocateFast(1, TOP_32, false)).isEqualTo(0xFECFF);
  }

  @Seeds
  void randomSequencesNeverOverlapAndLoseNothing(long seed) {
    var random = new Random(seed);
    IovaRules rules = IovaRules.of(Era.values()[random.nextInt(Era.values().length)]);
    IovaDomain domain = domain(rules);
    domain.reserve(0xFEE00, 0xFEEFF);
    var used = new TreeMap<Long, Long>();
    for (int step = 0; step < 10_000; step++) {
      cpu = random.nextInt(2);
      time += random.nextInt(1_000_000);
      timers.runDue();
      if (used.isEmpty() || random.nextInt(100) < 52) {
        long pages = IovaDomain.roundUp(1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 20));
        long pfn = domain.allocateFast(pages, random.nextBoolean() ? TOP_32 : TOP_48, true);
        assertThat(pfn).isPositive();
        assertThat(pfn & (pages - 1)).isZero();
        var below = used.floorEntry(pfn + pages - 1);
        assertThat(below == null || below.getKey() + below.getValue() <= pfn).isTrue();
        used.put(pfn, pages);
      } else {
        Long pfn = used.ceilingKey((long) (random.nextDouble() * used.lastKey()));
        domain.freeFast(pfn, used.remove(pfn));
      }
    }
    assertThat(domain.treeSize())
        .isEqualTo(used.size() + domain.cachedRanges() + domain.reservedRanges());
    used.forEach(domain::freeFast);
    domain.drainCaches();
    assertThat(domain.treeSize()).isEqualTo(1);
  }

  @Test
  void traceShowsTheKernelsFunctions() {
    var trace = new CallTrace();
    trace.setOn(true);
    var domain =
        new IovaDomain(IovaRules.NOW, 12, 1, 1, () -> 0, timers, trace, new FailureInjection());
    domain.allocateFast(3, TOP_32, false);
    var root = trace.take().getFirst();
    assertThat(root.function()).isEqualTo("alloc_iova_fast");
    assertThat(root.children())
        .extracting(frame -> frame.function())
        .containsExactly("iova_rcache_get", "alloc_iova");
    assertThat(root.children().get(1).children())
        .extracting(frame -> frame.function())
        .containsExactly("alloc_iova_mem", "__alloc_and_insert_iova_range");
  }
}
