package org.iommulab.bench;

import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * Interrupt requests of one device through random entries of a remapping table, without a cache.
 */
final class InterruptWorkload implements Workload {

  private static final int ENTRIES_SHIFT = 15;
  private static final int SOURCE = 0x18;
  private static final long REMAPPABLE = 0xFEE0_0010L;
  private static final long OPERATIONS = 1 << 22;

  private long sum;
  private final UnitUnderTest rig =
      new UnitUnderTest(
          UnitUnderTest.SERVER, CacheGeometry.none(), (address, data) -> sum += address + data);

  InterruptWorkload() {
    long table = rig.tables.newTable();
    long bytes = (long) Irte.BYTES << ENTRIES_SHIFT;
    while (rig.tables.end() < table + bytes) {
      rig.tables.newTable();
    }
    for (int i = 0; i < 1 << ENTRIES_SHIFT; i++) {
      long low = Irte.V.with(Irte.P.with(0, 1), 0x20 + i % 200);
      rig.memory.writeQword(table + i * 16L, Irte.DST.with(low, (long) (i & 0xFF) << 8));
      rig.memory.writeQword(table + i * 16L + 8, Irte.SVT.with(Irte.SID.with(0, SOURCE), 1));
    }
    rig.write(RegisterLayouts.IRTA, RegisterLayouts.IRTA.field("S").with(table, ENTRIES_SHIFT - 1));
    rig.startQueue();
    rig.command("SIRTP");
    rig.enable("IRE");
  }

  @Override
  public long operations() {
    return OPERATIONS;
  }

  @Override
  public int rounds() {
    return 5;
  }

  @Override
  public Round round() {
    var random = new RandomStream();
    sum = 0;
    long start = System.nanoTime();
    for (long i = 0; i < OPERATIONS; i++) {
      long index = random.below(1 << ENTRIES_SHIFT);
      rig.unit.interrupt(SOURCE, REMAPPABLE | index << 5, 0);
    }
    return new Round(System.nanoTime() - start, sum);
  }
}
