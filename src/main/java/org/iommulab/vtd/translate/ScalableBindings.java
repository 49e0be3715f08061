package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;

import java.util.List;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.EntryCache;
import org.iommulab.vtd.cache.ScalableContext;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Context entry and PASID entry of a request in scalable mode, from the caches or from memory, and
 * what they say about the request itself. Source: vtd.md 4.3.
 */
final class ScalableBindings {

  private final EntryCache<ScalableContext> contexts;
  private final EntryCache<Binding> pasids;
  private final Counters counters;
  private final BindingReader reader;
  private final FastPath fastPath;
  private final boolean cachesFaults;
  private final boolean looseTables;

  ScalableBindings(
      UnitConfiguration configuration,
      Caches caches,
      Counters counters,
      BindingReader reader,
      FastPath fastPath) {
    contexts = caches.scalableContexts;
    pasids = caches.pasids;
    this.counters = counters;
    this.reader = reader;
    this.fastPath = fastPath;
    cachesFaults = configuration.cachesFaults();
    looseTables = configuration.has(Quirk.PASID_TABLES_LOOSELY_CHECKED);
  }

  /** The PASID entry decoded; null if a check failed, with the reason in the request. */
  @Nullable Binding find(Request request) {
    ScalableContext context = cachedContext(request);
    boolean cached = context != null;
    FaultReason failure = context == null ? null : context.failure;
    if (failure != null) {
      request.failAt(Stage.CONTEXT_CACHE, "Cached absence", failure);
      return null;
    }
    if (context == null) {
      counters.missContext(request, contexts.exists());
      context = reader.context(request);
      FaultReason reason = request.reason;
      if (context == null && reason != null && keepsFaults(request)) {
        fastPath.forget();
        contexts.put(request.source, ScalableContext.refusal(request, reason));
      }
    }
    if (context == null || (!looseTables && !admits(request, context))) {
      return null;
    }
    Binding binding = pasidBinding(request, context, cached);
    if (binding == null) {
      return null;
    }
    if (!cached && !request.probing && contexts.exists()) {
      fastPath.forget();
      contexts.put(request.source, context.copy());
    }
    return allows(request, binding) ? binding : null;
  }

  private @Nullable ScalableContext cachedContext(Request request) {
    int slot = request.ignoringCaches ? -1 : contexts.find(request.source);
    ScalableContext context = slot < 0 ? null : contexts.get(request.source);
    if (context == null) {
      return null;
    }
    counters.contextHits += request.probing ? 0 : 1;
    request.faultsSuppressed |= context.faultsSuppressed;
    if (request.recorder != null) {
      long[] raw = context.raw;
      request.recorder.hit(
          Stage.CONTEXT_CACHE,
          "Context cache",
          List.of(raw[0], raw[1], raw[2], raw[3]),
          ScalableContextEntry.LAYOUT,
          fact("set", contexts.setOf(slot)),
          fact("way", contexts.wayOf(slot)));
    }
    return context;
  }

  /** The checks a context entry makes on the request itself. */
  private boolean admits(Request request, ScalableContext context) {
    long low = context.raw[0];
    if (request.type != AddressType.UNTRANSLATED && !ScalableContextEntry.DTE.isSet(low)) {
      return request.failAt(Stage.CONTEXT, "DTE", FaultReason.DEVICE_TLB_NOT_ENABLED);
    }
    if (request.pageRequest && !ScalableContextEntry.PRE.isSet(low)) {
      return request.failAt(Stage.CONTEXT, "PRE", FaultReason.PAGE_REQUEST_NOT_ENABLED);
    }
    int directoryEntries = 1 << (int) ScalableContextEntry.PDTS.get(low) + 7;
    if (request.hasPasid()) {
      if (!ScalableContextEntry.PASIDE.isSet(low)) {
        return request.failAt(Stage.CONTEXT, "PASIDE", FaultReason.PASID_NOT_ENABLED);
      }
      if (request.pasid >>> 6 >= directoryEntries) {
        return request.failAt(Stage.CONTEXT, "PDTS", FaultReason.PASID_BEYOND_DIRECTORY);
      }
      return true;
    }
    if (ScalableContextEntry.RID_PRIV.isSet(context.raw[1])) {
      request.privileged = true;
    }
    if (reader.ridPasid(context) >>> 6 >= directoryEntries) {
      return request.failAt(Stage.CONTEXT, "RID_PASID", FaultReason.RID_PASID_BEYOND_DIRECTORY);
    }
    return true;
  }

  private @Nullable Binding pasidBinding(
      Request request, ScalableContext context, boolean contextCached) {
    int pasid = !request.hasPasid() ? reader.ridPasid(context) : request.pasid;
    request.usedPasid = pasid;
    long key = (long) request.source << 20 | pasid;
    int slot = request.ignoringCaches ? -1 : pasids.find(key);
    if (slot >= 0) {
      Binding cached = request.probing ? pasids.at(slot) : pasids.get(key);
      if (cached != null) {
        hit(request, slot, cached);
        counters.lookUpPasid(request, true);
        FaultReason failure = cached.failure;
        if (failure != null) {
          request.failAt(Stage.PASID_CACHE, "Cached absence", failure);
          return null;
        }
        if (contextCached && !request.hasPasid()) {
          fastPath.remember(request, cached);
        }
        return cached;
      }
    }
    if (request.recorder != null) {
      request.recorder.plain(
          Stage.PASID_CACHE, "PASID cache", pasids.exists() ? Outcome.MISS : Outcome.OFF);
    }
    counters.lookUpPasid(request, false);
    Binding read = reader.pasid(request, context, pasid, contextCached);
    FaultReason reason = request.reason;
    if (read == null && reason != null && keepsFaults(request)) {
      fastPath.forget();
      pasids.put(key, Binding.refusal(request, pasid, reason));
    }
    if (read == null || request.probing || !pasids.exists()) {
      return read;
    }
    Binding kept = read.copy();
    fastPath.forget();
    pasids.put(key, kept);
    return kept;
  }

  private boolean keepsFaults(Request request) {
    return cachesFaults && !request.probing;
  }

  private void hit(Request request, int slot, Binding cached) {
    request.faultsSuppressed |= cached.faultsSuppressed;
    if (request.recorder != null) {
      request.recorder.hit(
          Stage.PASID_CACHE,
          "PASID cache",
          List.of(cached.raw[0], cached.raw[1], cached.raw[2]),
          null,
          fact("set", pasids.setOf(slot)),
          fact("way", pasids.wayOf(slot)),
          fact("domain", cached.domain));
    }
  }

  /** The checks a PASID entry makes on the request itself. */
  private static boolean allows(Request request, Binding binding) {
    if (request.executes() && !binding.isPassThrough() && !allowsExecute(binding)) {
      return request.failAt(Stage.PASID_ENTRY, "ERE", FaultReason.EXECUTE_NOT_ENABLED);
    }
    if (request.privileged && binding.usesFirstStage() && !binding.supervisorRequests) {
      return request.failAt(Stage.PASID_ENTRY, "SRE", FaultReason.SUPERVISOR_NOT_ENABLED);
    }
    return true;
  }

  private static boolean allowsExecute(Binding binding) {
    return binding.usesFirstStage() ? binding.executeRequests : binding.secondExecute;
  }
}
