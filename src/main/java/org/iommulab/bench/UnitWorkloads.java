package org.iommulab.bench;

import java.util.List;
import org.iommulab.bench.TranslationWorkload.Stages;

/** What a unit does beyond the workloads of {@code limit.c}. */
final class UnitWorkloads {

  static final List<Workload.Named> ALL =
      List.of(
          new Workload.Named(
              "scalable-second-4k", () -> TranslationWorkload.scalable(Stages.SECOND)),
          new Workload.Named(
              "scalable-second-hit", () -> TranslationWorkload.scalableHits(Stages.SECOND)),
          new Workload.Named(
              "first-stage-hit", () -> TranslationWorkload.scalableHits(Stages.FIRST)),
          new Workload.Named("nested-hit", () -> TranslationWorkload.scalableHits(Stages.NESTED)),
          new Workload.Named("invalidate-page-1k", () -> InvalidationWorkload.pages(1 << 10)),
          new Workload.Named("invalidate-page-1m", () -> InvalidationWorkload.pages(1 << 20)),
          new Workload.Named("invalidate-domain-1k", () -> InvalidationWorkload.domains(1 << 10)),
          new Workload.Named("invalidate-domain-1m", () -> InvalidationWorkload.domains(1 << 20)),
          new Workload.Named("interrupt-remap", InterruptWorkload::new));

  private UnitWorkloads() {}
}
