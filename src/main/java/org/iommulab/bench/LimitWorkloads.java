package org.iommulab.bench;

import java.util.List;
import org.iommulab.bench.TranslationWorkload.Stages;

/** The workloads of {@code limit.c}, in its order. */
final class LimitWorkloads {

  static final List<Workload.Named> ALL =
      List.of(
          new Workload.Named("walk-4k-random", () -> TranslationWorkload.dense(1L << 30, 1)),
          new Workload.Named("walk-2m-random", () -> TranslationWorkload.dense(1L << 38, 2)),
          new Workload.Named("walk-1g-random", () -> TranslationWorkload.dense(1L << 38, 3)),
          new Workload.Named("walk-4k-sparse", TranslationWorkload::sparse),
          new Workload.Named("iotlb-hit", TranslationWorkload::hits),
          new Workload.Named("map-4k", MappingWorkload::map),
          new Workload.Named("unmap-4k", MappingWorkload::unmap),
          new Workload.Named("first-stage-4k", () -> TranslationWorkload.scalable(Stages.FIRST)),
          new Workload.Named("nested-4k", () -> TranslationWorkload.scalable(Stages.NESTED)),
          new Workload.Named("walk-8-devices", DevicesWorkload::walks),
          new Workload.Named("hit-8-devices", DevicesWorkload::hits));

  private LimitWorkloads() {}
}
