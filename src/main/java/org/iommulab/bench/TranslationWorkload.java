package org.iommulab.bench;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.CacheGeometry;
import org.iommulab.vtd.Capabilities;
import org.iommulab.vtd.Profiles;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.Rights;
import org.iommulab.vtd.UnitConfiguration;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * Reads of one device at random pages, each a full request through the unit: requester, context,
 * IOTLB if there is one, walk with all checks, counters.
 */
final class TranslationWorkload implements Workload {

  private static final long BASE = 0x1_0000_0000L;
  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final int SOURCE = 0x18;
  private static final int DOMAIN = 1;

  /** Requests between two looks at the clock's loop: short enough to be compiled as a whole. */
  private static final int BURST = 1 << 12;

  /** 4 levels, 48 bits, 2 MiB and 1 GiB pages, a 46-bit host. */
  static final Capabilities SERVER = new Capabilities(0x08D2_078C_106F_0466L, 0xF0_20DFL, 0x10, 46);

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
    var memory = PhysicalMemory.ofSize(1L << 32);
    var tables = new TableWriter(memory);
    long top = tables.newTable();
    tables.map(top, BASE, PHYSICAL, bytes, leafLevel);
    return new TranslationWorkload(
        24, bytes, 0, unit(memory, tables.attach(SOURCE, top, DOMAIN), withoutIotlb()));
  }

  /** One 4 KiB page in every 2 MiB, no IOTLB: each request touches a leaf table of its own. */
  static TranslationWorkload sparse() {
    long pages = 1 << 16;
    var memory = PhysicalMemory.ofSize(1L << 32);
    var tables = new TableWriter(memory);
    long top = tables.newTable();
    for (long page = 0; page < pages; page++) {
      tables.map(top, BASE + (page << 21), PHYSICAL + (page << 12), 4096, 1);
    }
    return new TranslationWorkload(
        23, pages, 21, unit(memory, tables.attach(SOURCE, top, DOMAIN), withoutIotlb()));
  }

  /** Random addresses in 512 pages that the IOTLB holds. */
  static TranslationWorkload hits() {
    long bytes = 512 << 12;
    var memory = PhysicalMemory.ofSize(1L << 32);
    var tables = new TableWriter(memory);
    long top = tables.newTable();
    tables.map(top, BASE, PHYSICAL, bytes, 1);
    UnitConfiguration configuration = withoutIotlb().withIotlb(CacheGeometry.of(1024, 4));
    return new TranslationWorkload(
        24, bytes, 0, unit(memory, tables.attach(SOURCE, top, DOMAIN), configuration));
  }

  private static UnitConfiguration withoutIotlb() {
    return Profiles.named(Profiles.SPEC)
        .orElseThrow()
        .withCapabilities(SERVER)
        .withIotlb(CacheGeometry.none())
        .withPagingCache(CacheGeometry.none());
  }

  private static RemappingUnit unit(
      PhysicalMemory memory, long root, UnitConfiguration configuration) {
    var unit = new RemappingUnit(configuration, memory, (address, data) -> {});
    write(unit, RegisterLayouts.RTADDR, root);
    write(unit, RegisterLayouts.GCMD, RegisterLayouts.GCMD.field("SRTP").mask());
    write(unit, RegisterLayouts.GCMD, RegisterLayouts.GCMD.field("TE").mask());
    return unit;
  }

  private static void write(RemappingUnit unit, Register register, long value) {
    unit.write(register.offset(SERVER.cap(), SERVER.ecap()), register.bytes(), value);
  }

  @Override
  public long operations() {
    return operations;
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
    for (int i = 0; i < BURST; i++) {
      state = RandomStream.step(state);
      long address = BASE + (RandomStream.number(state, choices) << shift);
      sum += unit.translateFast(SOURCE, address, Rights.READ);
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
