package org.iommulab.vtd;

import static org.iommulab.vtd.PathRecorder.fact;
import static org.iommulab.vtd.PathRecorder.hex;

import java.util.List;
import org.iommulab.vtd.WalkStep.Outcome;
import org.iommulab.vtd.WalkStep.Stage;

/** The paging-structure cache as the second-stage walk uses it. Source: vtd.md 6.1. */
final class PagingStructures {

  private static final long FRAME = SecondStageWalker.ADDRESS;

  private final TranslationCache cache;
  private final SecondStageWalker walker;
  private final Counters counters;

  PagingStructures(TranslationCache cache, SecondStageWalker walker, Counters counters) {
    this.counters = counters;
    this.cache = cache;
    this.walker = walker;
  }

  boolean exist() {
    return cache.exists();
  }

  /** Starts the coming walk at the lowest table the cache knows. */
  void resume(Request request, Binding binding) {
    for (int level = 2; level <= binding.secondLevels; level++) {
      int slot = cache.find(request.address, binding.secondTag, level);
      if (slot >= 0) {
        counters.lookUpPaging(request, true);
        long value = cache.value(slot);
        walker.resume(level - 1, value & FRAME, value & ~FRAME);
        if (!request.probing) {
          cache.used(slot);
        }
        if (request.recorder != null) {
          request.recorder.hit(
              Stage.PAGING_CACHE,
              "Paging-structure cache",
              List.of(),
              null,
              fact("level", level),
              hex("next table", value & FRAME));
        }
        return;
      }
    }
    counters.lookUpPaging(request, false);
    if (request.recorder != null) {
      request.recorder.plain(Stage.PAGING_CACHE, "Paging-structure cache", Outcome.MISS);
    }
  }

  /** Keeps the tables the last walk passed above its leaf. */
  void keep(Request request, Binding binding, int leaf) {
    for (int level = walker.firstLevel(); level > leaf; level--) {
      cache.insert(
          request.address,
          binding.secondTag,
          level,
          walker.passed(level),
          binding.domain,
          binding.source);
    }
  }
}
