package org.iommulab.vtd.cache;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.vtd.cache.CacheLine.Cache;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.SecondStageEntry;

/** Lists what the caches hold, for people. */
final class CacheViews {

  private final Caches caches;

  CacheViews(Caches caches) {
    this.caches = caches;
  }

  List<CacheLine> lines(Cache of) {
    return switch (of) {
      case IOTLB -> lines(of, caches.iotlb);
      case PAGING_STRUCTURE -> lines(of, caches.paging);
      case CONTEXT -> contexts();
      case PASID -> pasids();
      case INTERRUPT_ENTRY -> interrupts();
    };
  }

  private static List<CacheLine> lines(Cache kind, TranslationCache cache) {
    var lines = new ArrayList<CacheLine>(cache.size());
    for (int set = 0; set < cache.sets(); set++) {
      for (int way = 0; way < cache.ways(); way++) {
        int slot = cache.slotAt(set, way);
        if (cache.isUsed(slot)) {
          lines.add(line(kind, cache, slot));
        }
      }
    }
    return lines;
  }

  private static CacheLine line(Cache kind, TranslationCache cache, int slot) {
    int level = cache.level(slot);
    boolean negative = TranslationCache.isNegative(cache.value(slot));
    return new CacheLine(
        kind,
        cache.setOf(slot),
        cache.wayOf(slot),
        cache.source(slot),
        cache.domain(slot),
        cache.pasid(slot),
        cache.page(slot),
        1L << 9 * level + 3,
        level,
        negative ? 0 : cache.value(slot) & SecondStageEntry.TABLE.mask(),
        (int) cache.value(slot) & 0xFFF,
        cache.age(slot),
        negative);
  }

  private List<CacheLine> contexts() {
    var lines = new ArrayList<CacheLine>();
    for (int slot = 0; slot < caches.contexts.slots(); slot++) {
      Binding binding = caches.contexts.at(slot);
      if (binding != null) {
        lines.add(line(Cache.CONTEXT, caches.contexts, slot, binding, Pasid.NONE.value()));
      }
    }
    for (int slot = 0; slot < caches.scalableContexts.slots(); slot++) {
      ScalableContext context = caches.scalableContexts.at(slot);
      if (context != null) {
        lines.add(
            new CacheLine(
                Cache.CONTEXT,
                caches.scalableContexts.setOf(slot),
                caches.scalableContexts.wayOf(slot),
                context.source,
                0,
                Pasid.NONE.value(),
                0,
                0,
                0,
                context.raw[0] & ~0xFFFL,
                0,
                caches.scalableContexts.age(slot),
                context.failure != null));
      }
    }
    return lines;
  }

  private List<CacheLine> pasids() {
    var lines = new ArrayList<CacheLine>();
    for (int slot = 0; slot < caches.pasids.slots(); slot++) {
      Binding binding = caches.pasids.at(slot);
      if (binding != null) {
        lines.add(line(Cache.PASID, caches.pasids, slot, binding, binding.pasid));
      }
    }
    return lines;
  }

  private static CacheLine line(
      Cache kind, EntryCache<Binding> cache, int slot, Binding binding, int pasid) {
    boolean first = binding.kind == Binding.Kind.FIRST_STAGE;
    return new CacheLine(
        kind,
        cache.setOf(slot),
        cache.wayOf(slot),
        binding.source,
        binding.domain,
        pasid,
        0,
        0,
        first ? binding.firstLevels : binding.secondLevels,
        first ? binding.firstRoot : binding.secondRoot,
        0,
        cache.age(slot),
        binding.failure != null);
  }

  private List<CacheLine> interrupts() {
    var lines = new ArrayList<CacheLine>();
    for (int slot = 0; slot < caches.interrupts.slots(); slot++) {
      InterruptEntry entry = caches.interrupts.at(slot);
      if (entry != null) {
        lines.add(
            new CacheLine(
                Cache.INTERRUPT_ENTRY,
                caches.interrupts.setOf(slot),
                caches.interrupts.wayOf(slot),
                (int) (entry.high() & 0xFFFF),
                0,
                Pasid.NONE.value(),
                entry.index(),
                0,
                0,
                entry.low(),
                0,
                caches.interrupts.age(slot),
                !Irte.P.isSet(entry.low())));
      }
    }
    return lines;
  }
}
