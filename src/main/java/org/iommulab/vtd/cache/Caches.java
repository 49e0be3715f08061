package org.iommulab.vtd.cache;

import java.util.List;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/**
 * The translation caches of a unit and the ways to invalidate them. Source: vtd.md 6, 7.2.
 *
 * <p>Context and PASID entries are kept decoded; an entry in a cache is never changed, only
 * replaced.
 */
public final class Caches {

  /** Stage in a tag: entries shared by all of a domain. */
  static final int STAGE_SECOND = 1;

  /** Stage in a tag: entries of one PASID of a domain. */
  static final int STAGE_FIRST = 2;

  private static final int[] FUNCTION_MASKS = {0xFFFF, 0xFFFB, 0xFFF9, 0xFFF8};

  public final EntryCache<Binding> contexts;
  public final EntryCache<ScalableContext> scalableContexts;
  public final EntryCache<Binding> pasids;
  public final TranslationCache iotlb;
  public final TranslationCache paging;
  public final EntryCache<InterruptEntry> interrupts;

  private final TranslationInvalidation fromIotlb;
  private final TranslationInvalidation fromPaging;
  private final boolean taggedByRequester;
  private final boolean domainFlushIsGlobal;
  private final boolean deviceFlushIgnoresDomain;
  private final boolean eightBitMask;
  private final boolean pasidFlushTakesSecond;
  private final boolean scalableMeansFirst;

  public Caches(UnitConfiguration configuration) {
    long seed = configuration.seed();
    contexts = new EntryCache<>(configuration.contextCache(), seed);
    scalableContexts = new EntryCache<>(configuration.contextCache(), seed);
    pasids = new EntryCache<>(configuration.pasidCache(), seed);
    iotlb = new TranslationCache(configuration.iotlb(), seed);
    paging = new TranslationCache(configuration.pagingCache(), seed);
    interrupts = new EntryCache<>(configuration.interruptCache(), seed);
    taggedByRequester = configuration.tagging() == UnitConfiguration.Tagging.REQUESTER;
    fromIotlb = new TranslationInvalidation(iotlb, !taggedByRequester);
    fromPaging = new TranslationInvalidation(paging, true);
    domainFlushIsGlobal = configuration.has(Quirk.DOMAIN_CONTEXT_FLUSH_IS_GLOBAL);
    deviceFlushIgnoresDomain = configuration.has(Quirk.DEVICE_CONTEXT_FLUSH_IGNORES_DOMAIN);
    pasidFlushTakesSecond = configuration.has(Quirk.PASID_FLUSH_DROPS_SECOND_STAGE);
    scalableMeansFirst =
        configuration.has(Quirk.STAGE_FOLLOWS_CAPABILITY)
            && configuration.capabilities().has(ExtendedCapabilityLayout.FSTS);
    eightBitMask = configuration.has(Quirk.PAGE_FLUSH_MASK_HAS_EIGHT_BITS);
  }

  public boolean taggedByRequester() {
    return taggedByRequester;
  }

  /** Tag of IOTLB entries that only a requester and a PASID (-1 for none) share. */
  public long requesterTag(int source, int pasid, boolean scalable) {
    int stage = scalable && scalableMeansFirst ? STAGE_FIRST : STAGE_SECOND;
    return source | pasidTag(pasid, stage);
  }

  /** The part of a tag that says which PASID (-1 for none) and stage. */
  static long pasidTag(int pasid, int stage) {
    return (long) (pasid + 1) << TranslationCache.PASID_SHIFT
        | (long) stage << TranslationCache.STAGE_SHIFT;
  }

  /** Tag of entries that all of a domain share. */
  static long secondStageTag(int domain) {
    return domain | (long) STAGE_SECOND << TranslationCache.STAGE_SHIFT;
  }

  /** Tag of entries that belong to one PASID of a domain. */
  static long firstStageTag(int domain, int pasid) {
    return domain | pasidTag(pasid, STAGE_FIRST);
  }

  /** Fills in the tags of a binding. */
  public void tag(Binding binding) {
    binding.secondTag = secondStageTag(binding.domain);
    if (taggedByRequester) {
      binding.tag = requesterTag(binding.source, binding.pasid, binding.scalable);
    } else if (binding.kind == Binding.Kind.SECOND_STAGE) {
      binding.tag = binding.secondTag;
    } else {
      binding.tag = firstStageTag(binding.domain, binding.pasid);
    }
  }

  /** Empties everything that depends on the root table. */
  public void clearTranslations() {
    contexts.clear();
    scalableContexts.clear();
    pasids.clear();
    iotlb.clear();
    paging.clear();
  }

  public void reset() {
    contexts.reset();
    scalableContexts.reset();
    pasids.reset();
    iotlb.reset();
    paging.reset();
    interrupts.reset();
  }

  // ---- context cache ---------------------------------------------------------------------------

  public void invalidateContexts() {
    contexts.clear();
    scalableContexts.clear();
  }

  /** Domain-selective; tells whether it was carried out globally. */
  public boolean invalidateContextsOfDomain(int domain, boolean scalable) {
    if (domainFlushIsGlobal || scalable) {
      invalidateContexts();
      return true;
    }
    contexts.removeIf(binding -> binding.domain == domain);
    return false;
  }

  /** Device-selective; the function mask leaves out low function bits. */
  public void invalidateContextsOfDevice(int domain, int source, int functionMask) {
    int mask = FUNCTION_MASKS[functionMask & 3];
    contexts.removeIf(
        binding ->
            (binding.source & mask) == (source & mask)
                && (deviceFlushIgnoresDomain || binding.domain == domain));
    scalableContexts.removeIf(context -> (context.source & mask) == (source & mask));
  }

  /** The requester id bits a device-selective invalidation compares. */
  public static int functionMask(int functionMask) {
    return FUNCTION_MASKS[functionMask & 3];
  }

  // ---- PASID cache -----------------------------------------------------------------------------

  public void invalidatePasids() {
    pasids.clear();
  }

  public void invalidatePasidsOfDomain(int domain) {
    pasids.removeIf(binding -> binding.domain == domain);
  }

  public void invalidatePasid(int domain, int pasid) {
    // A cached refusal has no domain to compare.
    pasids.removeIf(
        binding -> binding.pasid == pasid && (binding.domain == domain || binding.failure != null));
  }

  // ---- IOTLB and paging-structure cache --------------------------------------------------------

  public void invalidateTranslations() {
    iotlb.clear();
    paging.clear();
  }

  public void invalidateTranslationsOfDomain(int domain) {
    fromIotlb.domain(domain);
    fromPaging.domain(domain);
  }

  /**
   * Page-selective: second-stage entries that overlap the 2^mask pages, and every first-stage or
   * nested entry of the domain.
   */
  public void invalidatePages(int domain, long address, int mask, boolean leafOnly) {
    if (eightBitMask) {
      invalidatePagesByLowMask(domain, address, mask);
      return;
    }
    fromIotlb.pages(domain, address, mask);
    if (!leafOnly) {
      fromPaging.pages(domain, address, mask);
    }
  }

  private void invalidatePagesByLowMask(int domain, long address, int mask) {
    long compared = -1L << mask & 0xFF;
    long frame = address >>> 12;
    fromIotlb.ofDomain(
        domain,
        slot -> {
          long own = iotlb.page(slot) >>> 12;
          long size = 1L << TranslationCache.shift(iotlb.level(slot));
          return (own & compared) == (frame & compared) || own == (address & -size) >>> 12;
        });
  }

  /** Every first-stage and nested entry of a PASID. */
  public void invalidatePasidTranslations(int domain, int pasid) {
    fromIotlb.pasid(domain, pasid);
    fromPaging.pasid(domain, pasid);
    if (pasidFlushTakesSecond) {
      fromIotlb.group(domain | pasidTag(pasid, STAGE_SECOND));
    }
  }

  /** First-stage and nested entries of a PASID that overlap 2^mask pages. */
  public void invalidatePasidPages(
      int domain, int pasid, long address, int mask, boolean leafOnly) {
    fromIotlb.pasidPages(domain, pasid, address, mask);
    if (!leafOnly) {
      fromPaging.pasidPages(domain, pasid, address, mask);
    }
  }

  // ---- interrupt-entry cache -------------------------------------------------------------------

  public void invalidateInterrupts() {
    interrupts.clear();
  }

  public void invalidateInterrupts(int index, int mask) {
    int first = index & -1 << mask;
    interrupts.removeIf(entry -> (entry.index() & -1 << mask) == first);
  }

  // ---- for people ------------------------------------------------------------------------------

  /** What one of the caches holds. */
  public List<CacheLine> lines(CacheLine.Cache of) {
    return new CacheViews(this).lines(of);
  }
}
