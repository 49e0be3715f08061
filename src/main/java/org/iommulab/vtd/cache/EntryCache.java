package org.iommulab.vtd.cache;

import java.util.Arrays;
import java.util.function.Predicate;
import org.iommulab.vtd.config.CacheGeometry;
import org.jspecify.annotations.Nullable;

/**
 * A cache of decoded table entries by a number: requester id, requester id with PASID, or interrupt
 * index. An unbounded one doubles its ways when a set overflows.
 *
 * @param <T> the decoded entry
 */
public final class EntryCache<T> {

  private final boolean exists;
  private final boolean grows;
  private final Replacement replacement;
  private int setMask;
  private int ways;
  private long[] keys = new long[0];
  private @Nullable Object[] entries = new @Nullable Object[0];
  private long[] stamps = new long[0];
  private int size;
  private long clock;

  EntryCache(CacheGeometry geometry, long seed) {
    exists = !geometry.isNone();
    grows = geometry.isUnbounded();
    replacement = new Replacement(geometry, seed);
    if (exists) {
      allocate(grows ? 16 : geometry.sets(), grows ? 4 : geometry.ways());
    }
  }

  private void allocate(int sets, int newWays) {
    setMask = sets - 1;
    ways = newWays;
    keys = new long[sets * newWays];
    entries = new @Nullable Object[sets * newWays];
    stamps = new long[sets * newWays];
    replacement.resize(sets, newWays);
  }

  public boolean exists() {
    return exists;
  }

  private int set(long key) {
    return (int) (key ^ key >>> 8 ^ key >>> 20) & setMask;
  }

  /** The slot of a key, or -1. */
  public int find(long key) {
    if (!exists) {
      return -1;
    }
    int from = set(key) * ways;
    for (int slot = from; slot < from + ways; slot++) {
      if (entries[slot] != null && keys[slot] == key) {
        return slot;
      }
    }
    return -1;
  }

  /** The entry of a key, counted as a use; null if it is not cached. */
  public @Nullable T get(long key) {
    int slot = find(key);
    if (slot < 0) {
      return null;
    }
    if (replacement.stampsUse()) {
      stamps[slot] = ++clock;
    }
    replacement.touched(setOf(slot), wayOf(slot));
    return at(slot);
  }

  @SuppressWarnings("unchecked")
  public @Nullable T at(int slot) {
    return (T) entries[slot];
  }

  long key(int slot) {
    return keys[slot];
  }

  public void put(long key, T entry) {
    if (!exists) {
      return;
    }
    int slot = find(key);
    if (slot < 0) {
      slot = freeSlot(key);
      size += entries[slot] == null ? 1 : 0;
    }
    keys[slot] = key;
    entries[slot] = entry;
    stamps[slot] = ++clock;
    replacement.touched(setOf(slot), wayOf(slot));
  }

  private int freeSlot(long key) {
    while (true) {
      int set = set(key);
      for (int slot = set * ways; slot < (set + 1) * ways; slot++) {
        if (entries[slot] == null) {
          return slot;
        }
      }
      if (!grows) {
        return set * ways + replacement.victim(set, stamps, set * ways, 1);
      }
      grow();
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldEntries = entries;
    long[] oldStamps = stamps;
    int oldWays = ways;
    allocate(setMask + 1, ways * 2);
    for (int slot = 0; slot < oldEntries.length; slot++) {
      int target = slot / oldWays * ways + slot % oldWays;
      keys[target] = oldKeys[slot];
      entries[target] = oldEntries[slot];
      stamps[target] = oldStamps[slot];
    }
  }

  void clear() {
    if (size != 0) {
      Arrays.fill(entries, null);
      size = 0;
    }
  }

  void reset() {
    clear();
    replacement.clear();
    clock = 0;
  }

  /** Drops every entry the condition holds for. */
  void removeIf(Predicate<T> condition) {
    for (int slot = 0; slot < entries.length && size != 0; slot++) {
      T entry = at(slot);
      if (entry != null && condition.test(entry)) {
        entries[slot] = null;
        size--;
      }
    }
  }

  public int slots() {
    return entries.length;
  }

  public int setOf(int slot) {
    return slot / ways;
  }

  public int wayOf(int slot) {
    return slot % ways;
  }

  public long age(int slot) {
    return clock - stamps[slot];
  }
}
