package org.iommulab.vtd;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A cache of translations in arrays: the IOTLB, and the paging-structure cache.
 *
 * <h2>Keys</h2>
 *
 * An entry is found by page number and tag. The tag packs what the hardware compares: domain or
 * requester id 15:0, PASID + 1 in 36:16, stage in 39:37, level in 42:40. A tag is never zero, so
 * zero marks a free slot.
 *
 * <h2>Shape</h2>
 *
 * Sets and ways as configured. An unbounded cache and one that is emptied when full are the same
 * with sets that double when one overflows.
 */
final class TranslationCache {

  static final int PASID_SHIFT = 16;
  static final int STAGE_SHIFT = 37;
  static final int LEVEL_SHIFT = 40;

  /** Levels an entry can have, one more than the highest. */
  static final int LEVELS = 6;

  private static final int GROWING_WAYS = 8;

  private final boolean exists;
  private final boolean grows;
  private final int limit;
  private final Replacement replacement;
  private int setMask;
  private int ways;
  private long[] pages = new long[0];
  private long[] tags = new long[0];
  private long[] values = new long[0];
  private int[] domains = new int[0];
  private int[] sources = new int[0];
  private final int[] perLevel = new int[LEVELS];
  private int size;

  TranslationCache(CacheGeometry geometry, long seed) {
    exists = !geometry.isNone();
    boolean emptied = geometry.policy() == CacheGeometry.Policy.EMPTY_WHEN_FULL;
    grows = geometry.isUnbounded() || emptied;
    limit = emptied ? geometry.sets() * geometry.ways() : Integer.MAX_VALUE;
    replacement = new Replacement(geometry, seed);
    if (exists) {
      allocate(grows ? 64 : geometry.sets(), grows ? GROWING_WAYS : geometry.ways());
    }
  }

  private void allocate(int sets, int newWays) {
    setMask = sets - 1;
    ways = newWays;
    pages = new long[sets * newWays];
    tags = new long[sets * newWays];
    values = new long[sets * newWays];
    domains = new int[sets * newWays];
    sources = new int[sets * newWays];
    replacement.resize(sets, newWays);
  }

  boolean exists() {
    return exists;
  }

  /** Number of entries. */
  int size() {
    return size;
  }

  private static int shift(int level) {
    return 9 * level + 3;
  }

  private int set(long page, long tag) {
    long mixed = page ^ page >>> 12 ^ (tag & 0xFFFF) * 0x9E37L;
    return (int) mixed & setMask;
  }

  /**
   * The slot of the smallest page that holds an address, or -1.
   *
   * @param tag without the level
   * @param lowest first level to look at
   * @param highest last level to look at
   */
  int find(long address, long tag, int lowest, int highest) {
    for (int level = lowest; level <= highest; level++) {
      if (perLevel[level] != 0) {
        int slot = findAt(address >>> shift(level), tag | (long) level << LEVEL_SHIFT);
        if (slot >= 0) {
          return slot;
        }
      }
    }
    return -1;
  }

  private int findAt(long page, long tag) {
    int from = set(page, tag) * ways;
    for (int slot = from; slot < from + ways; slot++) {
      if (pages[slot] == page && tags[slot] == tag) {
        return slot;
      }
    }
    return -1;
  }

  /** Frame and flags of a slot. */
  long value(int slot) {
    return values[slot];
  }

  void used(int slot) {
    replacement.used(slot);
  }

  int level(int slot) {
    return (int) (tags[slot] >>> LEVEL_SHIFT);
  }

  int domain(int slot) {
    return domains[slot];
  }

  int source(int slot) {
    return sources[slot];
  }

  int pasid(int slot) {
    return (int) (tags[slot] >>> PASID_SHIFT & 0x1F_FFFF) - 1;
  }

  int stage(int slot) {
    return (int) (tags[slot] >>> STAGE_SHIFT & 7);
  }

  long page(int slot) {
    return pages[slot] << shift(level(slot));
  }

  /** Adds or replaces an entry. */
  void insert(long address, long tag, int level, long value, int domain, int source) {
    if (!exists) {
      return;
    }
    if (size >= limit) {
      clear();
    }
    long page = address >>> shift(level);
    long fullTag = tag | (long) level << LEVEL_SHIFT;
    int slot = slotFor(page, fullTag);
    if (tags[slot] == 0) {
      size++;
    } else {
      perLevel[level(slot)]--;
    }
    perLevel[level]++;
    pages[slot] = page;
    tags[slot] = fullTag;
    values[slot] = value;
    domains[slot] = domain;
    sources[slot] = source;
    replacement.filled(slot);
  }

  private int slotFor(long page, long tag) {
    int known = findAt(page, tag);
    if (known >= 0) {
      return known;
    }
    while (true) {
      int set = set(page, tag);
      for (int slot = set * ways; slot < (set + 1) * ways; slot++) {
        if (tags[slot] == 0) {
          return slot;
        }
      }
      if (!grows) {
        return set * ways + replacement.victim(set);
      }
      grow();
    }
  }

  private void grow() {
    long[] oldPages = pages;
    long[] oldTags = tags;
    long[] oldValues = values;
    int[] oldDomains = domains;
    int[] oldSources = sources;
    int sets = setMask + 1;
    int newWays = ways;
    boolean placed;
    do {
      // Crowded sets in an emptyish cache ask for more ways, not for endless doubling.
      if (size * 4L < (long) sets * newWays) {
        newWays *= 2;
      } else {
        sets *= 2;
      }
      allocate(sets, newWays);
      placed = true;
      for (int i = 0; i < oldTags.length && placed; i++) {
        placed =
            oldTags[i] == 0
                || place(oldPages[i], oldTags[i], oldValues[i], oldDomains[i], oldSources[i]);
      }
    } while (!placed);
  }

  private boolean place(long page, long tag, long value, int domain, int source) {
    int set = set(page, tag);
    for (int slot = set * ways; slot < (set + 1) * ways; slot++) {
      if (tags[slot] == 0) {
        pages[slot] = page;
        tags[slot] = tag;
        values[slot] = value;
        domains[slot] = domain;
        sources[slot] = source;
        replacement.filled(slot);
        return true;
      }
    }
    return false;
  }

  void remove(int slot) {
    if (tags[slot] != 0) {
      perLevel[level(slot)]--;
      tags[slot] = 0;
      size--;
    }
  }

  void clear() {
    if (size != 0) {
      Arrays.fill(tags, 0);
      Arrays.fill(perLevel, 0);
      size = 0;
    }
  }

  /** Drops every entry the condition holds for. */
  void removeIf(IntPredicate slotCondition) {
    for (int slot = 0; slot < tags.length && size != 0; slot++) {
      if (tags[slot] != 0 && slotCondition.test(slot)) {
        remove(slot);
      }
    }
  }

  void removeDomain(int domain) {
    for (int slot = 0; slot < tags.length && size != 0; slot++) {
      if (domains[slot] == domain && tags[slot] != 0) {
        remove(slot);
      }
    }
  }

  /** Back to the state after construction, replacement included. */
  void reset() {
    clear();
    replacement.clear();
  }

  /** Number of slots, used or not. */
  int slots() {
    return tags.length;
  }

  boolean isUsed(int slot) {
    return tags[slot] != 0;
  }

  int setOf(int slot) {
    return slot / ways;
  }

  int wayOf(int slot) {
    return slot % ways;
  }

  long age(int slot) {
    return replacement.age(slot);
  }

  /** Contents for a checkpoint. */
  @SuppressWarnings("ArrayRecordComponent")
  record Saved(
      int setMask,
      int ways,
      long[] pages,
      long[] tags,
      long[] values,
      int[] domains,
      int[] sources,
      int[] perLevel,
      int size,
      Replacement.Saved replacement) {}

  Saved save() {
    return new Saved(
        setMask, ways, pages.clone(), tags.clone(), values.clone(), domains.clone(),
        sources.clone(), perLevel.clone(), size, replacement.save());
  }

  void restore(Saved saved) {
    setMask = saved.setMask();
    ways = saved.ways();
    pages = saved.pages().clone();
    tags = saved.tags().clone();
    values = saved.values().clone();
    domains = saved.domains().clone();
    sources = saved.sources().clone();
    System.arraycopy(saved.perLevel(), 0, perLevel, 0, LEVELS);
    size = saved.size();
    replacement.restore(saved.replacement());
  }
}
