package org.iommulab.bench;

import org.iommulab.linux.Kernel;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;

/** {@code iommu_map()} of 64 GiB, as for a big guest; each round unmaps again, uncounted. */
final class LargeMapWorkload implements Workload {

  private static final long IOVA = 0x10_0000_0000L;
  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final long BYTES = 64L << 30;

  private final Kernel kernel;
  private final PagingDomain domain;
  private final int pageShift;
  private final int repeats;

  private LargeMapWorkload(Kernel kernel, int pageShift, int repeats) {
    this.kernel = kernel;
    this.domain = BenchKernel.domain(kernel);
    this.pageShift = pageShift;
    this.repeats = repeats;
  }

  /** 16,777,216 pages of 4 KiB. */
  static Workload smallPages() {
    return new LargeMapWorkload(
        BenchKernel.withSmallPages("intel_iommu=on iommu.strict=1", 1L << 29), 12, 1);
  }

  /** 64 pages of 1 GiB, a thousand times. */
  static Workload hugePages() {
    return new LargeMapWorkload(
        BenchKernel.withAllPages("intel_iommu=on iommu.strict=1", 1L << 28), 30, 1000);
  }

  @Override
  public long operations() {
    return (BYTES >> pageShift) * repeats;
  }

  @Override
  public int warmUp() {
    return 8;
  }

  @Override
  public int rounds() {
    return 5;
  }

  @Override
  public Round round() {
    long taken = 0;
    long pages = 0;
    for (int i = 0; i < repeats; i++) {
      long start = System.nanoTime();
      kernel.iommuApi().map(domain, IOVA, PHYSICAL, BYTES, Protection.READ | Protection.WRITE);
      taken += System.nanoTime() - start;
      pages += kernel.iommuApi().unmap(domain, IOVA, BYTES) >> pageShift;
    }
    return new Round(taken, pages);
  }
}
