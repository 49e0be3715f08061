package org.iommulab.vtd.cache;

import java.util.function.IntPredicate;

/**
 * Drops what an invalidation names from one translation cache. The work grows with what is dropped
 * or asked for, not with what is cached.
 */
final class TranslationInvalidation {

  private static final IntPredicate ALL = slot -> true;
  private static final int DOMAIN_BITS = 0xFFFF;

  private final TranslationCache cache;
  private final EntryGroups groups;
  private final boolean taggedByDomain;

  /** For a cache whose tags name the domain, or else the requester. */
  TranslationInvalidation(TranslationCache cache, boolean taggedByDomain) {
    this.cache = cache;
    this.taggedByDomain = taggedByDomain;
    groups = cache.groups();
  }

  void domain(int domain) {
    ofDomain(domain, ALL);
  }

  /** The entries of a domain for which a condition holds. */
  void ofDomain(int domain, IntPredicate slotCondition) {
    for (int place = 0; place < groups.places(); place++) {
      if (isOf(place, domain)) {
        look(place, slotCondition, Long.MAX_VALUE);
      }
    }
  }

  private boolean isOf(int place, int domain) {
    long key = groups.key(place);
    return key != 0 && (key & DOMAIN_BITS) == domain;
  }

  /**
   * Second-stage entries of a domain that overlap 2^mask pages, and all its first-stage and nested
   * entries.
   */
  void pages(int domain, long address, int mask) {
    for (int place = 0; place < groups.places(); place++) {
      if (isOf(place, domain)) {
        boolean first =
            (groups.key(place) >>> TranslationCache.STAGE_SHIFT & 7) == Caches.STAGE_FIRST;
        if (first) {
          look(place, ALL, Long.MAX_VALUE);
        } else {
          overlapping(place, address, mask);
        }
      }
    }
  }

  /** First-stage and nested entries of a PASID. */
  void pasid(int domain, int pasid) {
    group(Caches.firstStageTag(domain, pasid));
  }

  /** The entries of a domain that have the same PASID and stage in their tags. */
  void group(long key) {
    int place = groups.find(key);
    if (place >= 0) {
      look(place, ALL, Long.MAX_VALUE);
    }
  }

  /** First-stage and nested entries of a PASID that overlap 2^mask pages. */
  void pasidPages(int domain, int pasid, long address, int mask) {
    int place = groups.find(Caches.firstStageTag(domain, pasid));
    if (place >= 0) {
      overlapping(place, address, mask);
    }
  }

  private void overlapping(int place, long address, int mask) {
    long size = 4096L << mask;
    if (mask > 50) {
      look(place, ALL, Long.MAX_VALUE);
      return;
    }
    long from = address & -size;
    IntPredicate overlaps =
        slot -> {
          long page = cache.page(slot);
          return page < from + size
              && from < page + (1L << TranslationCache.shift(cache.level(slot)));
        };
    // A short list is looked through; of a long one, the pages are looked up.
    long lookUps = taggedByDomain ? lookUps(size) : Long.MAX_VALUE;
    if (!look(place, overlaps, lookUps)) {
      lookUp(groups.key(place), from, size);
    }
  }

  private long lookUps(long size) {
    long count = 0;
    for (int left = cache.levels(); left != 0; left &= left - 1) {
      count += pages(size, Integer.numberOfTrailingZeros(left));
    }
    return count;
  }

  private static long pages(long size, int level) {
    return Math.max(1, size >>> TranslationCache.shift(level));
  }

  private void lookUp(long tag, long from, long size) {
    for (int left = cache.levels(); left != 0; left &= left - 1) {
      int level = Integer.numberOfTrailingZeros(left);
      long count = pages(size, level);
      for (long i = 0; i < count; i++) {
        int slot = cache.find(from + (i << TranslationCache.shift(level)), tag, level);
        if (slot >= 0) {
          cache.remove(slot);
        }
      }
    }
  }

  /** Looks through a list; false if it did not end within the steps allowed. */
  private boolean look(int place, IntPredicate slotCondition, long steps) {
    int at = groups.head(place);
    for (long i = 0; i < steps && at >= 0; i++) {
      int following = groups.next(at);
      int slot = TranslationCache.slot(at);
      if (slotCondition.test(slot)) {
        cache.remove(slot);
      }
      at = following;
    }
    return at < 0;
  }
}
