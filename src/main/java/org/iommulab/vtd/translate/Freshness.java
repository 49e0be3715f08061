package org.iommulab.vtd.translate;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.iommulab.bus.Pasid;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.ScalableContext;
import org.iommulab.vtd.cache.TranslationCache;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/** Compares cached entries with what the tables now say. */
final class Freshness {

  private static final int GRANTS = Rights.READ | Rights.WRITE | Rights.EXECUTE;

  private final TableRoot root;
  private final Caches caches;
  private final BindingReader reader;
  private final AddressTranslation translation;
  private final EntryReader entries;
  private final IntPredicate staleInterrupt;
  private final Reasons legacyReasons;
  private final Reasons scalableReasons;
  private final Request request = new Request();

  Freshness(
      UnitConfiguration configuration,
      TableRoot root,
      Caches caches,
      BindingReader reader,
      AddressTranslation translation,
      EntryReader entries,
      IntPredicate staleInterrupt) {
    this.root = root;
    this.caches = caches;
    this.reader = reader;
    this.translation = translation;
    this.entries = entries;
    this.staleInterrupt = staleInterrupt;
    legacyReasons = Reasons.ofLegacyMode(configuration);
    scalableReasons = Reasons.ofScalableMode(configuration);
  }

  /** Tells whether a cached entry differs from what the tables now say. */
  boolean isStale(CacheLine line) {
    return switch (line.cache()) {
      case IOTLB -> isStaleTranslation(line);
      case CONTEXT, PASID -> isStaleBinding(line.source(), line.pasid());
      case PAGING_STRUCTURE -> root.isEnabled() && isStaleTable(line);
      case INTERRUPT_ENTRY -> staleInterrupt.test((int) line.page());
    };
  }

  /** Tells whether a cached entry lets requests do what the tables would not. */
  boolean grantsTooMuch(CacheLine line) {
    return switch (line.cache()) {
      case IOTLB ->
          !line.negative()
              && (!leadsTo(line)
                  || request.level < line.level()
                  || (line.rights() & ~request.rights & GRANTS) != 0);
      case CONTEXT, PASID, PAGING_STRUCTURE, INTERRUPT_ENTRY -> isStale(line);
    };
  }

  private boolean isStaleTranslation(CacheLine line) {
    if (line.negative()) {
      return isMapped(line, Rights.READ) || isMapped(line, Rights.WRITE);
    }
    return !leadsTo(line)
        || request.level != line.level()
        || (request.cacheable & GRANTS) != (line.rights() & GRANTS);
  }

  /** Tells whether the tables lead to the page of an entry, for requests as it serves them. */
  private boolean leadsTo(CacheLine line) {
    boolean reads = (line.rights() & Rights.READ) != 0;
    return isMapped(line, reads ? Rights.READ : Rights.WRITE) && request.output == line.frame();
  }

  private boolean isMapped(CacheLine line, int right) {
    start(line.source(), line.page(), right);
    request.pasid = root.isScalable() ? line.pasid() : Pasid.NONE.value();
    request.privileged =
        root.isScalable() && !line.negative() && (line.rights() & Rights.USER) == 0;
    return root.isEnabled() && walksTo(fillingPasid(caches.iotlb, line), line.domain());
  }

  /** A second-stage entry is tagged with its domain alone; the cache knows what PASID filled it. */
  private static int fillingPasid(TranslationCache cache, CacheLine line) {
    return line.pasid() >= 0 ? line.pasid() : cache.fillingPasid(line.set(), line.way());
  }

  private void start(int source, long address, int right) {
    request.start(source, address, right);
    request.probing = true;
    request.ignoringCaches = true;
  }

  /** Translates by the tables alone, as the entry of that PASID and domain was made. */
  private boolean walksTo(int pasid, int domain) {
    Binding binding = binding(pasid, domain);
    if (binding == null) {
      return false;
    }
    return translation.walk(request, binding, root.isScalable() ? scalableReasons : legacyReasons);
  }

  /** What the tables now say about the device of an entry, if they still name its domain. */
  private @Nullable Binding binding(int pasid, int domain) {
    Binding binding = reader.all(request, pasid);
    boolean fits = binding != null && binding.domain == domain && !binding.isPassThrough();
    return fits ? binding : null;
  }

  /** Tells whether the tables lead elsewhere than to the table a line remembers. */
  private boolean isStaleTable(CacheLine line) {
    start(line.source(), line.page(), Rights.READ);
    Binding binding = binding(fillingPasid(caches.paging, line), line.domain());
    if (binding != null && binding.usesFirstStage()) {
      request.pasid = line.pasid();
      long passed = translation.firstStageTable(request, binding, line.level());
      return passed != (line.frame() | line.rights());
    }
    if (binding == null || line.level() > binding.secondLevels) {
      return true;
    }
    long table = binding.secondRoot;
    entries.snoop(binding.walksSnoop);
    long granted = Rights.READ | Rights.WRITE | (binding.secondExecute ? Rights.EXECUTE : 0);
    for (int level = binding.secondLevels; level >= line.level(); level--) {
      boolean read = entries.read(table + ((line.page() >>> 9 * level + 3 & 511) << 3));
      granted &= entries.entry();
      if (!read || granted == 0 || (level > 1 && (entries.entry() & SecondStageWalker.PAGE) != 0)) {
        return true;
      }
      table = entries.entry() & SecondStageWalker.ADDRESS;
    }
    return table != line.frame() || granted != (line.rights() & 7);
  }

  /** A context entry, or a PASID entry unless {@code pasid} is -1. */
  private boolean isStaleBinding(int source, int pasid) {
    start(source, 0, Rights.READ);
    if (root.mode() == TableMode.LEGACY) {
      int slot = caches.contexts.find(source);
      Binding cached = slot < 0 ? null : caches.contexts.at(slot);
      Binding now = reader.legacy(request);
      if (cached != null && cached.failure != null) {
        return now != null;
      }
      return cached != null && (now == null || !Arrays.equals(now.raw, 0, 2, cached.raw, 0, 2));
    }
    if (pasid < 0) {
      int slot = caches.scalableContexts.find(source);
      ScalableContext cached = slot < 0 ? null : caches.scalableContexts.at(slot);
      ScalableContext now = reader.context(request);
      if (cached != null && cached.failure != null) {
        return now != null;
      }
      return cached != null && (now == null || !Arrays.equals(now.raw, cached.raw));
    }
    int slot = caches.pasids.find((long) source << 20 | pasid);
    Binding cached = slot < 0 ? null : caches.pasids.at(slot);
    Binding now = reader.all(request, pasid);
    if (cached != null && cached.failure != null) {
      return now != null;
    }
    return cached != null && (now == null || !Arrays.equals(now.raw, cached.raw));
  }
}
