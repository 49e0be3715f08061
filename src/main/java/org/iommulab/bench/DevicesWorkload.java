package org.iommulab.bench;

import org.iommulab.bus.SourceId;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.request.Rights;

/**
 * Reads of eight devices in turn at random pages, each device in a domain of its own: full requests
 * through the unit, by legacy-mode tables or from an IOTLB that holds all.
 */
final class DevicesWorkload implements Workload {

  private static final long BASE = 0x1_0000_0000L;
  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final long BYTES = 1L << 27;
  private static final long HOT_BYTES = 64 << 12;
  private static final int FIRST_SOURCE = 0x18;
  private static final int SOURCE_STEP = 8;
  private static final int DEVICES = 8;
  private static final long OPERATIONS = 1L << 24;
  private static final int BURST = 1 << 12;
  private static final CacheGeometry HOLDS_ALL = CacheGeometry.of(1024, 4);

  private final RemappingUnit unit;
  private final int[] keys = new int[DEVICES];
  private final long choices;

  private DevicesWorkload(CacheGeometry iotlb, long choices) {
    this.choices = choices;
    var rig = new UnitUnderTest(UnitUnderTest.SERVER, iotlb);
    var tops = new long[DEVICES];
    for (int device = 0; device < DEVICES; device++) {
      tops[device] = rig.tables.newTable();
      rig.tables.map(
          tops[device], BASE, PHYSICAL + device * BYTES, BYTES, 1, TableWriter.SECOND_STAGE);
    }
    long root = rig.tables.newTable();
    for (int device = 0; device < DEVICES; device++) {
      rig.tables.attach(root, source(device), tops[device], device + 1);
      keys[device] = RemappingUnit.key(new SourceId(source(device)), Rights.READ);
    }
    rig.start(root);
    unit = rig.unit;
  }

  private static int source(int device) {
    return FIRST_SOURCE + device * SOURCE_STEP;
  }

  /** Every request walks. */
  static DevicesWorkload walks() {
    return new DevicesWorkload(CacheGeometry.none(), BYTES);
  }

  /** Every request finds its page in the IOTLB. */
  static DevicesWorkload hits() {
    return new DevicesWorkload(HOLDS_ALL, HOT_BYTES);
  }

  @Override
  public long operations() {
    return OPERATIONS;
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
    for (long done = 0; done < OPERATIONS; done += BURST) {
      sum += burst(unit, keys, random, choices);
    }
    return new Round(System.nanoTime() - start, sum);
  }

  private static long burst(RemappingUnit unit, int[] keys, RandomStream random, long choices) {
    long sum = 0;
    long state = random.state();
    int left = BURST;
    while (left > 0) {
      int device = 0;
      long address = BASE;
      long output = 0;
      // What is quickly found stays in a loop of its own, which calls nothing.
      while (left > 0 && output >= 0) {
        sum += output;
        device = -left & DEVICES - 1;
        left--;
        state = RandomStream.step(state);
        address = BASE + RandomStream.number(state, choices);
        output = unit.translateKnown(keys[device], address);
      }
      sum += output >= 0 ? output : unit.translateFast(source(device), address, Rights.READ);
    }
    random.continueFrom(state);
    return sum;
  }
}
