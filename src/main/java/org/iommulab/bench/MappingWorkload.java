package org.iommulab.bench;

import java.util.Objects;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;

/**
 * {@code iommu_map()} and {@code iommu_unmap()} of 1 GiB in 4 KiB pages, in a kernel that booted on
 * a unit without larger pages. Tables are allocated and freed, the IOTLB is invalidated through the
 * queue; only the call trace is off.
 */
final class MappingWorkload implements Workload {

  private static final long IOVA = 0x1_0000_0000L;
  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final long BYTES = 1 << 30;
  private static final int WARM_UP = 400;

  private final boolean mapping;
  private final Kernel kernel;
  private final PagingDomain domain;

  private MappingWorkload(boolean mapping) {
    this.mapping = mapping;
    kernel = BenchKernel.withSmallPages("intel_iommu=on iommu.strict=1", 1L << 28);
    int first = kernel.domains().getFirst().id();
    domain = (PagingDomain) Objects.requireNonNull(kernel.domain(first));
  }

  /** Measures mapping; each round unmaps again. */
  static Workload map() {
    return new MappingWorkload(true);
  }

  /** Measures unmapping of what each round maps first. */
  static Workload unmap() {
    return new MappingWorkload(false);
  }

  @Override
  public long operations() {
    return BYTES >> 12;
  }

  @Override
  public int warmUp() {
    return WARM_UP;
  }

  @Override
  public int rounds() {
    return 15;
  }

  @Override
  public Round round() {
    long start = System.nanoTime();
    kernel.iommuApi().map(domain, IOVA, PHYSICAL, BYTES, Protection.READ | Protection.WRITE);
    long mapped = System.nanoTime();
    long pages = kernel.iommuApi().unmap(domain, IOVA, BYTES) >> 12;
    long unmapped = System.nanoTime();
    return new Round(mapping ? mapped - start : unmapped - mapped, pages);
  }
}
