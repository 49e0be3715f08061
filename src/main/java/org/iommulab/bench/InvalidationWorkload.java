package org.iommulab.bench;

import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.request.Rights;

/**
 * Selective invalidations through the queue, one descriptor and one tail write each, with many
 * translations cached. Before each round what was dropped is cached again; that does not count.
 * Results are the entries that were dropped.
 */
final class InvalidationWorkload implements Workload {

  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final int DOMAIN_PAGES = 256;
  private static final int PAGE = 3;
  private static final int DOMAIN = 2;
  private static final InvalidationDescriptor IOTLB = InvalidationDescriptor.IOTLB;

  private final UnitUnderTest rig =
      new UnitUnderTest(UnitUnderTest.SERVER, CacheGeometry.unbounded());
  private final int devices;
  private final long pages;
  private final int operations;
  private final boolean byPage;

  private InvalidationWorkload(int devices, long pages, boolean byPage) {
    this.devices = devices;
    this.pages = pages;
    this.byPage = byPage;
    operations = byPage ? 1024 : devices;
    long top = rig.tables.newTable();
    long root = rig.tables.newTable();
    rig.tables.map(top, 0, PHYSICAL, pages << 12, 1, TableWriter.SECOND_STAGE);
    for (int device = 0; device < devices; device++) {
      rig.tables.attach(root, device, top, device + 1);
    }
    rig.start(root);
    rig.startQueue();
    fill();
  }

  /** Single pages of the one domain that has all cached entries. */
  static Workload pages(int cached) {
    return new InvalidationWorkload(1, cached, true);
  }

  /** Domains of 256 cached entries each. */
  static Workload domains(int cached) {
    return new InvalidationWorkload(cached / DOMAIN_PAGES, DOMAIN_PAGES, false);
  }

  private void fill() {
    for (int device = 0; device < devices; device++) {
      for (long page = 0; page < pages; page++) {
        rig.unit.translateFast(device, page << 12, Rights.READ);
      }
    }
  }

  @Override
  public long operations() {
    return operations;
  }

  @Override
  public int warmUp() {
    return (int) Math.min(400, (1 << 22) / (devices * pages));
  }

  @Override
  public int rounds() {
    return 15;
  }

  @Override
  public Round round() {
    long start = System.nanoTime();
    for (int i = 0; i < operations; i++) {
      if (byPage) {
        rig.submit(descriptor(PAGE, 1), (pages / operations * i) << 12);
      } else {
        rig.submit(descriptor(DOMAIN, i + 1), 0);
      }
    }
    long end = System.nanoTime();
    long before = rig.unit.counters().iotlbMisses();
    fill();
    return new Round(end - start, rig.unit.counters().iotlbMisses() - before);
  }

  private static long descriptor(int granularity, int domain) {
    long low = InvalidationDescriptor.TYPE.with(0, IOTLB.type());
    low = IOTLB.field("G").with(low, granularity);
    return IOTLB.field("DID").with(low, domain);
  }
}
