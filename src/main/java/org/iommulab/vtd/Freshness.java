package org.iommulab.vtd;

import java.util.Arrays;
import org.iommulab.bus.DmaAccess;

/** Compares cached entries with what the tables now say. */
final class Freshness {

  private final TableRoot root;
  private final Caches caches;
  private final BindingReader reader;
  private final AddressTranslation translation;
  private final Reasons legacyReasons;
  private final Reasons scalableReasons;
  private final Request request = new Request();

  Freshness(
      UnitConfiguration configuration,
      TableRoot root,
      Caches caches,
      BindingReader reader,
      AddressTranslation translation) {
    this.root = root;
    this.caches = caches;
    this.reader = reader;
    this.translation = translation;
    legacyReasons = Reasons.ofLegacyMode(configuration);
    scalableReasons = Reasons.ofScalableMode(configuration);
  }

  /** Tells whether a cached entry differs from what the tables now say. */
  boolean isStale(CacheLine line) {
    return switch (line.cache()) {
      case IOTLB -> isStaleTranslation(line);
      case CONTEXT, PASID -> isStaleBinding(line.source(), line.pasid());
      case PAGING_STRUCTURE, INTERRUPT_ENTRY -> false;
    };
  }

  private boolean isStaleTranslation(CacheLine line) {
    int right = (line.rights() & Rights.READ) != 0 ? Rights.READ : Rights.WRITE;
    start(line.source(), line.page(), right);
    request.pasid = root.isScalable() ? line.pasid() : DmaAccess.NO_PASID;
    return !(root.isEnabled() && walksTo(line.pasid(), line.domain()))
        || request.output != line.frame()
        || request.level != line.level()
        || (request.cacheable & 7) != (line.rights() & 7);
  }

  private void start(int source, long address, int right) {
    request.start(source, address, right);
    request.probing = true;
    request.ignoringCaches = true;
  }

  /** Translates by the tables alone, as the entry of that PASID and domain was made. */
  private boolean walksTo(int pasid, int domain) {
    Binding binding = reader.all(request, pasid);
    if (binding == null || binding.domain != domain || binding.isPassThrough()) {
      return false;
    }
    return translation.walk(request, binding, root.isScalable() ? scalableReasons : legacyReasons);
  }

  /** A context entry, or a PASID entry unless {@code pasid} is -1. */
  private boolean isStaleBinding(int source, int pasid) {
    start(source, 0, Rights.READ);
    if (root.mode() == TableMode.LEGACY) {
      int slot = caches.contexts.find(source);
      Binding cached = slot < 0 ? null : caches.contexts.at(slot);
      Binding now = reader.legacy(request);
      return cached != null && (now == null || !Arrays.equals(now.raw, 0, 2, cached.raw, 0, 2));
    }
    if (pasid < 0) {
      int slot = caches.scalableContexts.find(source);
      ScalableContext cached = slot < 0 ? null : caches.scalableContexts.at(slot);
      ScalableContext now = reader.context(request);
      return cached != null && (now == null || !Arrays.equals(now.raw, cached.raw));
    }
    int slot = caches.pasids.find((long) source << 20 | pasid);
    Binding cached = slot < 0 ? null : caches.pasids.at(slot);
    Binding now = reader.all(request, pasid);
    return cached != null && (now == null || !Arrays.equals(now.raw, cached.raw));
  }
}
