package org.iommulab.bench;

import java.util.List;

/** What a kernel does all day, at sizes that have no counterpart in {@code limit.c}. */
final class KernelWorkloads {

  static final List<Workload.Named> ALL =
      List.of(
          new Workload.Named("map-64g-4k", LargeMapWorkload::smallPages),
          new Workload.Named("map-64g-1g", LargeMapWorkload::hugePages),
          new Workload.Named("dma-map-strict", DmaWorkload::strict),
          new Workload.Named("dma-map-lazy", DmaWorkload::lazy));

  private KernelWorkloads() {}
}
