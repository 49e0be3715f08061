package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.List;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.TranslationCache;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;

/** The paging-structure cache as the walks of both stages use it. Source: vtd.md 6.1. */
final class PagingStructures {

  private static final long FRAME = SecondStageWalker.ADDRESS;

  private final TranslationCache cache;
  private final SecondStageWalker second;
  private final FirstStageWalker first;
  private final Counters counters;

  PagingStructures(
      TranslationCache cache, SecondStageWalker second, FirstStageWalker first, Counters counters) {
    this.counters = counters;
    this.cache = cache;
    this.second = second;
    this.first = first;
  }

  boolean exist() {
    return cache.exists();
  }

  /** Starts the coming walk at the lowest table the cache knows. */
  void resume(Request request, Binding binding) {
    boolean ofFirst = binding.usesFirstStage();
    int levels = ofFirst ? binding.firstLevels : binding.secondLevels;
    for (int level = 2; level <= levels; level++) {
      int slot = cache.find(request.address, ofFirst ? binding.tag : binding.secondTag, level);
      if (slot >= 0) {
        counters.lookUpPaging(request, true);
        long value = cache.value(slot);
        if (ofFirst) {
          first.resume(level - 1, value);
        } else {
          second.resume(level - 1, value & FRAME, value & ~FRAME);
        }
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
  void keep(Request request, Binding binding) {
    if (binding.usesFirstStage()) {
      for (int level = first.firstLevel(); level > first.leaf(); level--) {
        insert(request, binding, binding.tag, level, first.passed(level));
      }
    } else {
      for (int level = second.firstLevel(); level > second.level(); level--) {
        insert(request, binding, binding.secondTag, level, second.passed(level));
      }
    }
  }

  private void insert(Request request, Binding binding, long tag, int level, long value) {
    cache.insert(request.address, tag, level, value, binding);
  }
}
