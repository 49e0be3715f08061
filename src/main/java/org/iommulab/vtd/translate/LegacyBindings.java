package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;

import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.EntryCache;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/** The context entry of a requester in legacy mode, from the cache or from memory. */
final class LegacyBindings {

  private final EntryCache<Binding> cache;
  private final Counters counters;
  private final BindingReader reader;
  private final FastPath fastPath;
  private final boolean cachesFaults;

  LegacyBindings(
      UnitConfiguration configuration,
      Caches caches,
      Counters counters,
      BindingReader reader,
      FastPath fastPath) {
    cachesFaults = configuration.cachesFaults();
    this.cache = caches.contexts;
    this.counters = counters;
    this.reader = reader;
    this.fastPath = fastPath;
  }

  /** The entry decoded; null if a check failed, with the reason in the request. */
  @Nullable Binding find(Request request) {
    int slot = request.ignoringCaches ? -1 : cache.find(request.source);
    if (slot >= 0) {
      Binding cached = request.probing ? cache.at(slot) : cache.get(request.source);
      if (cached != null) {
        hit(request, slot, cached);
        FaultReason failure = cached.failure;
        if (failure != null) {
          request.failAt(Stage.CONTEXT_CACHE, "Cached absence", failure);
          return null;
        }
        fastPath.remember(request, cached);
        return cached;
      }
    }
    counters.missContext(request, cache.exists());
    Binding read = reader.legacy(request);
    FaultReason reason = request.reason;
    if (read == null && reason != null && cachesFaults && !request.probing) {
      fastPath.forget();
      cache.put(request.source, Binding.refusal(request, Pasid.NONE.value(), reason));
    }
    if (read == null || request.probing || !cache.exists()) {
      return read;
    }
    Binding kept = read.copy();
    fastPath.forget();
    cache.put(request.source, kept);
    fastPath.remember(request, kept);
    return kept;
  }

  private void hit(Request request, int slot, Binding cached) {
    counters.contextHits += request.probing ? 0 : 1;
    request.faultsSuppressed |= cached.faultsSuppressed;
    if (request.recorder != null) {
      request.recorder.hit(
          Stage.CONTEXT_CACHE,
          "Context cache",
          List.of(cached.raw[0], cached.raw[1]),
          ContextEntry.LAYOUT,
          fact("set", cache.setOf(slot)),
          fact("way", cache.wayOf(slot)),
          fact("domain", cached.domain));
    }
  }
}
