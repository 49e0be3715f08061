package org.iommulab.bench;

import org.iommulab.bus.SourceId;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.request.Rights;

/**
 * Reads of one device at random pages, each a full request through the unit: requester, context,
 * IOTLB if there is one, walk with all checks, counters.
 */
final class TranslationWorkload implements Workload {

  private static final long BASE = 0x1_0000_0000L;
  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final int SOURCE = 0x18;
  private static final int KEY = RemappingUnit.key(new SourceId(SOURCE), Rights.READ);
  private static final int DOMAIN = 1;
  private static final long HOT_BYTES = 512 << 12;
  private static final CacheGeometry HOLDS_ALL = CacheGeometry.of(1024, 4);

  /** Requests between two looks at the clock's loop: short enough to be compiled as a whole. */
  private static final int BURST = 1 << 12;

  private final long operations;
  private final long choices;
  private final int choiceShift;
  private final RemappingUnit unit;

  private TranslationWorkload(
      int operationsShift, long choices, int choiceShift, RemappingUnit unit) {
    this.operations = 1L << operationsShift;
    this.choices = choices;
    this.choiceShift = choiceShift;
    this.unit = unit;
  }

  /** Random addresses in one mapping, no IOTLB. */
  static TranslationWorkload dense(long bytes, int leafLevel) {
    var rig = new UnitUnderTest(UnitUnderTest.SERVER, CacheGeometry.none());
    long top = rig.tables.newTable();
    rig.tables.map(top, BASE, PHYSICAL, bytes, leafLevel, TableWriter.SECOND_STAGE);
    return legacy(rig, top, 24, bytes, 0);
  }

  /** One 4 KiB page in every 2 MiB, no IOTLB: each request touches a leaf table of its own. */
  static TranslationWorkload sparse() {
    long pages = 1 << 16;
    var rig = new UnitUnderTest(UnitUnderTest.SERVER, CacheGeometry.none());
    long top = rig.tables.newTable();
    for (long page = 0; page < pages; page++) {
      rig.tables.map(
          top, BASE + (page << 21), PHYSICAL + (page << 12), 4096, 1, TableWriter.SECOND_STAGE);
    }
    return legacy(rig, top, 23, pages, 21);
  }

  /** Random addresses in 512 pages that the IOTLB holds. */
  static TranslationWorkload hits() {
    var rig = new UnitUnderTest(UnitUnderTest.SERVER, HOLDS_ALL);
    long top = rig.tables.newTable();
    rig.tables.map(top, BASE, PHYSICAL, HOT_BYTES, 1, TableWriter.SECOND_STAGE);
    return legacy(rig, top, 24, HOT_BYTES, 0);
  }

  private static TranslationWorkload legacy(
      UnitUnderTest rig, long top, int operationsShift, long choices, int choiceShift) {
    long root = rig.tables.newTable();
    rig.tables.attach(root, SOURCE, top, DOMAIN);
    rig.start(root);
    return new TranslationWorkload(operationsShift, choices, choiceShift, rig.unit);
  }

  /** Which stages a request passes in scalable mode. */
  enum Stages {
    SECOND,
    FIRST,
    NESTED
  }

  /** Random addresses in 1 GiB of 4 KiB pages through scalable-mode tables, no IOTLB. */
  static TranslationWorkload scalable(Stages stages) {
    return scalable(stages, 1L << 30, 22, CacheGeometry.none());
  }

  /** Random addresses in 512 pages that the IOTLB holds, filled through scalable-mode tables. */
  static TranslationWorkload scalableHits(Stages stages) {
    return scalable(stages, HOT_BYTES, 24, HOLDS_ALL);
  }

  private static TranslationWorkload scalable(
      Stages stages, long bytes, int operationsShift, CacheGeometry iotlb) {
    var rig = new UnitUnderTest(UnitUnderTest.SCALABLE, iotlb);
    TableWriter tables = rig.tables;
    long first = stages == Stages.SECOND ? 0 : tables.newTable();
    if (first != 0) {
      tables.map(first, BASE, PHYSICAL, bytes, 1, TableWriter.FIRST_STAGE);
    }
    long second = stages == Stages.FIRST ? 0 : tables.newTable();
    if (stages == Stages.SECOND) {
      tables.map(second, BASE, PHYSICAL, bytes, 1, TableWriter.SECOND_STAGE);
    } else if (second != 0) {
      tables.map(second, 0, 0, tables.end(), 1, TableWriter.SECOND_STAGE);
      tables.map(second, PHYSICAL, PHYSICAL, bytes, 1, TableWriter.SECOND_STAGE);
    }
    long root = tables.newTable();
    tables.attachScalable(root, SOURCE, second, first, DOMAIN);
    rig.start(RegisterLayouts.RTADDR.field("TTM").with(root, 1));
    return new TranslationWorkload(operationsShift, bytes, 0, rig.unit);
  }

  @Override
  public long operations() {
    return operations;
  }

  /** A round is short: on a busy machine the compiler needs some of them. */
  @Override
  public int warmUp() {
    return 3;
  }

  @Override
  public int rounds() {
    return 5;
  }

  @Override
  public Round round() {
    var random = new RandomStream();
    long sum = 0;
    long start = System.nanoTime();
    for (long done = 0; done < operations; done += BURST) {
      sum += burst(random);
    }
    return new Round(System.nanoTime() - start, sum);
  }

  private static long burst(RemappingUnit unit, RandomStream random, long choices, int shift) {
    long sum = 0;
    long state = random.state();
    long multiplier = RandomStream.MULTIPLIER << shift;
    long mask = choices - 1 << shift;
    int left = BURST;
    while (left > 0) {
      long address = BASE;
      long output = 0;
      // What is quickly found stays in a loop of its own, which calls nothing.
      while (left > 0 && output >= 0) {
        sum += output;
        left--;
        state = RandomStream.step(state);
        address = BASE + (state * multiplier & mask);
        output = unit.translateKnown(KEY, address);
      }
      sum += output >= 0 ? output : unit.translateFast(SOURCE, address, Rights.READ);
    }
    random.continueFrom(state);
    return sum;
  }

  /** Requests between two looks at a clock; the sum of their addresses. */
  long burst(RandomStream random) {
    return burst(unit, random, choices, choiceShift);
  }

  /** One request, for benchmarks that count for themselves. */
  long next(RandomStream random) {
    return unit.translateFast(SOURCE, BASE + (random.below(choices) << choiceShift), Rights.READ);
  }
}
