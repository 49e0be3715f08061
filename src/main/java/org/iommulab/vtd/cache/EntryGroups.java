package org.iommulab.vtd.cache;

import java.util.Arrays;

/**
 * The entries of a {@link TranslationCache} in lists by what an invalidation can name: domain,
 * PASID and stage. With them an invalidation costs as much as it removes, however much is cached.
 *
 * <p>A list is chained through its entries: {@code next} and {@code previous} hold slots, counted
 * without stride. The first entry of a list has the list's number in {@code previous}, inverted.
 */
final class EntryGroups {

  private static final int NONE = -1;

  private int[] next = new int[0];
  private int[] previous = new int[0];

  // The lists, found by hash of their key; a key is never zero.
  private long[] keys = new long[16];
  private int[] heads = new int[16];
  private int used;
  private int last;

  /** Forgets everything and makes room for that many slots. */
  void resize(int slots) {
    next = new int[slots];
    previous = new int[slots];
    clear();
  }

  void clear() {
    Arrays.fill(keys, 0);
    used = 0;
  }

  /** Number of places for lists, used or not. */
  int places() {
    return keys.length;
  }

  /** Key of the list at a place; 0 if there is none. */
  long key(int place) {
    return keys[place];
  }

  /** First slot of the list at a place, or -1. */
  int head(int place) {
    return heads[place];
  }

  /** Slot behind a slot, or -1. */
  int next(int slot) {
    return next[slot];
  }

  /** Place of the list with that key, or -1. */
  int find(long key) {
    int place = placeOf(key);
    return keys[place] == key ? place : NONE;
  }

  private int placeOf(long key) {
    if (keys[last] == key) {
      return last;
    }
    int mask = keys.length - 1;
    int place = (int) (key * 0x9E37_79B9_7F4A_7C15L >>> 40) & mask;
    while (keys[place] != 0 && keys[place] != key) {
      place = place + 1 & mask;
    }
    last = place;
    return place;
  }

  void link(int slot, long key) {
    int place = placeOf(key);
    if (keys[place] == 0) {
      if (used * 2 >= keys.length) {
        makeRoom();
        place = placeOf(key);
      }
      keys[place] = key;
      heads[place] = NONE;
      used++;
    }
    int old = heads[place];
    next[slot] = old;
    previous[slot] = ~place;
    heads[place] = slot;
    if (old >= 0) {
      previous[old] = slot;
    }
  }

  void unlink(int slot) {
    int after = next[slot];
    int before = previous[slot];
    if (before >= 0) {
      next[before] = after;
    } else {
      heads[~before] = after;
    }
    if (after >= 0) {
      previous[after] = before;
    }
  }

  /** Drops empty lists, and doubles the table if that was not enough. */
  private void makeRoom() {
    long[] oldKeys = keys;
    int[] oldHeads = heads;
    int filled = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      filled += oldKeys[i] != 0 && oldHeads[i] >= 0 ? 1 : 0;
    }
    int size = filled * 4 >= oldKeys.length ? oldKeys.length * 2 : oldKeys.length;
    keys = new long[size];
    heads = new int[size];
    used = filled;
    last = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0 && oldHeads[i] >= 0) {
        int place = placeOf(oldKeys[i]);
        keys[place] = oldKeys[i];
        heads[place] = oldHeads[i];
        previous[oldHeads[i]] = ~place;
      }
    }
  }
}
