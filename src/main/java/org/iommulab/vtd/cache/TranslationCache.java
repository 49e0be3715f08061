package org.iommulab.vtd.cache;

import java.util.Arrays;
import org.iommulab.vtd.config.CacheGeometry;

/**
 * A cache of translations: the IOTLB, and the paging-structure cache.
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
 * with sets that double when one overflows. What a lookup touches lies together in one array, four
 * quadwords a slot: page, tag, value, stamp. All first ways come first, then all second ways: an
 * array that is mostly empty is touched where it is full. Slots are named by the place of their
 * line in that array.
 */
public final class TranslationCache {

  static final int PASID_SHIFT = 16;
  static final int STAGE_SHIFT = 37;
  static final int LEVEL_SHIFT = 40;

  /** Bits of a tag that stay in the key of a list; the domain id joins them. */
  private static final long GROUP_BITS = (1L << LEVEL_SHIFT) - 1 & ~0xFFFFL;

  /** Marks an entry that says "nothing here"; the reason lies where the frame would. */
  private static final long NEGATIVE = 1L << 63;

  private static final int PAGE = 0;
  private static final int TAG = 1;
  private static final int VALUE = 2;
  private static final int STAMP = 3;
  private static final int STRIDE = 4;
  private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

  /** Level of pages of 4 KiB. */
  private static final int SMALL = 1;

  private static final int LEVELS = 6;
  private static final int GROWING_WAYS = 8;

  private final boolean exists;
  private final boolean grows;
  private final int limit;
  private final Replacement replacement;
  private final boolean stampsUse;
  private final boolean onlyStamped;
  private final EntryGroups groups = new EntryGroups();
  private final int[] perLevel = new int[LEVELS];
  private int levels;
  private int setMask;
  private int ways;
  private long[] lines = new long[0];
  private long[] owners = new long[0];
  private int size;
  private long clock;

  TranslationCache(CacheGeometry geometry, long seed) {
    exists = !geometry.isNone();
    boolean emptied = geometry.policy() == CacheGeometry.Policy.EMPTY_WHEN_FULL;
    grows = geometry.isUnbounded() || emptied;
    limit = emptied ? geometry.sets() * geometry.ways() : Integer.MAX_VALUE;
    replacement = new Replacement(geometry, seed);
    stampsUse = replacement.stampsUse();
    onlyStamped = stampsUse && !replacement.hasTrees();
    if (exists) {
      allocate(grows ? 64 : geometry.sets(), grows ? GROWING_WAYS : geometry.ways());
    }
  }

  private void allocate(int sets, int newWays) {
    setMask = sets - 1;
    ways = newWays;
    lines = new long[sets * newWays * STRIDE];
    owners = new long[sets * newWays];
    replacement.resize(sets, newWays);
    groups.resize(sets * newWays);
  }

  /** The value of an entry that grants nothing; reason code 0 if the page is just absent. */
  public static long negative(int reason) {
    return NEGATIVE | (long) reason << 12;
  }

  public static boolean isNegative(long value) {
    return value < 0;
  }

  /** The reason code of a negative value. */
  public static int reason(long value) {
    return (int) (value >>> 12) & 0xFF;
  }

  public boolean exists() {
    return exists;
  }

  /** Its entries by domain, PASID and stage; slots there count without stride. */
  EntryGroups groups() {
    return groups;
  }

  /** The levels there are entries of, as bits. */
  int levels() {
    return levels;
  }

  /** Number of entries. */
  public int size() {
    return size;
  }

  public static int shift(int level) {
    return 9 * level + 3;
  }

  private int set(long page, long tag) {
    return (mixed(page) ^ spread(tag)) & setMask;
  }

  private static int mixed(long page) {
    return (int) (page ^ page >>> 12);
  }

  /**
   * The part a tag with its level has in the choice of a set: domains that have the same pages must
   * not crowd a few.
   */
  public int spread(long tag) {
    return (int) (grows ? tag * SCATTER >>> 32 : tag ^ tag >>> 13 ^ tag << 6);
  }

  // ---- lookup ----------------------------------------------------------------------------------

  /** The tag of small pages, with the level. */
  public static long smallTag(long tag) {
    return tag | (long) SMALL << LEVEL_SHIFT;
  }

  /**
   * The slot where the small page of an address is most of the time, if it is anywhere.
   *
   * @param spread of the tag with the level
   */
  public int likelySlot(long address, int spread) {
    return ((mixed(address >>> shift(SMALL)) ^ spread) & setMask) * STRIDE;
  }

  /**
   * Tells whether a slot holds the small page of an address.
   *
   * @param tag with the level
   */
  public boolean isAt(int slot, long address, long tag) {
    return lines[slot + PAGE] == address >>> shift(SMALL) && lines[slot + TAG] == tag;
  }

  /**
   * The slot of the smallest page that holds an address, or -1.
   *
   * @param tag without the level
   */
  public int find(long address, long tag) {
    for (int left = levels; left != 0; left &= left - 1) {
      int level = Integer.numberOfTrailingZeros(left);
      int slot = findAt(address >>> shift(level), tag | (long) level << LEVEL_SHIFT);
      if (slot >= 0) {
        return slot;
      }
    }
    return -1;
  }

  /** The slot of the entry of one level that holds an address, or -1. */
  public int find(long address, long tag, int level) {
    if ((levels & 1 << level) == 0) {
      return -1;
    }
    return findAt(address >>> shift(level), tag | (long) level << LEVEL_SHIFT);
  }

  private int findAt(long page, long tag) {
    long[] at = lines;
    int distance = (setMask + 1) * STRIDE;
    for (int slot = set(page, tag) * STRIDE; slot < at.length; slot += distance) {
      if (at[slot + PAGE] == page && at[slot + TAG] == tag) {
        return slot;
      }
    }
    return -1;
  }

  /** Frame and flags of a slot. */
  public long value(int slot) {
    return lines[slot + VALUE];
  }

  public void used(int slot) {
    if (onlyStamped) {
      lines[slot + STAMP] = ++clock;
    } else {
      usedOtherwise(slot);
    }
  }

  private void usedOtherwise(int slot) {
    if (stampsUse) {
      lines[slot + STAMP] = ++clock;
    }
    replacement.touched(setOf(slot), wayOf(slot));
  }

  private long tag(int slot) {
    return lines[slot + TAG];
  }

  public int level(int slot) {
    return (int) (tag(slot) >>> LEVEL_SHIFT);
  }

  public int domain(int slot) {
    return (int) owners[slot / STRIDE] & 0xFFFF;
  }

  public int source(int slot) {
    return (int) owners[slot / STRIDE] >>> 16;
  }

  public int pasid(int slot) {
    return (int) (tag(slot) >>> PASID_SHIFT & 0x1F_FFFF) - 1;
  }

  /** The PASID whose request filled a way, though its tag may not name it; -1 for none. */
  public int fillingPasid(int set, int way) {
    boolean inside = set < sets() && way < ways;
    return inside ? (int) (owners[slotAt(set, way) / STRIDE] >>> 32) - 1 : -1;
  }

  int stage(int slot) {
    return (int) (tag(slot) >>> STAGE_SHIFT & 7);
  }

  /** First address of the page. */
  public long page(int slot) {
    return lines[slot + PAGE] << shift(level(slot));
  }

  public int sets() {
    return exists ? setMask + 1 : 0;
  }

  public int ways() {
    return ways;
  }

  /** The slot of a way of a set, used or not. */
  public int slotAt(int set, int way) {
    return (way * (setMask + 1) + set) * STRIDE;
  }

  public boolean isUsed(int slot) {
    return tag(slot) != 0;
  }

  /** The slot of a place in {@link #groups}. */
  static int slot(int place) {
    return place * STRIDE;
  }

  public int setOf(int slot) {
    return slot / STRIDE & setMask;
  }

  public int wayOf(int slot) {
    return slot / STRIDE / (setMask + 1);
  }

  public long age(int slot) {
    return clock - lines[slot + STAMP];
  }

  // ---- filling ---------------------------------------------------------------------------------

  /** Adds or replaces an entry that a request of that binding needed. */
  public void insert(long address, long tag, int level, long value, Binding binding) {
    insert(
        address,
        tag,
        level,
        value,
        (long) (binding.pasid + 1) << 32 | (long) binding.source << 16 | binding.domain);
  }

  private void insert(long address, long tag, int level, long value, long owner) {
    if (!exists) {
      return;
    }
    if (size >= limit) {
      clear();
    }
    long page = address >>> shift(level);
    long fullTag = tag | (long) level << LEVEL_SHIFT;
    int slot = slotFor(page, fullTag);
    remove(slot);
    fill(slot, page, fullTag, value, owner);
    size++;
    perLevel[level]++;
    levels |= 1 << level;
  }

  private void fill(int slot, long page, long tag, long value, long owner) {
    lines[slot + PAGE] = page;
    lines[slot + TAG] = tag;
    lines[slot + VALUE] = value;
    lines[slot + STAMP] = ++clock;
    owners[slot / STRIDE] = owner;
    link(slot);
    replacement.touched(setOf(slot), wayOf(slot));
  }

  private void link(int slot) {
    groups.link(slot / STRIDE, tag(slot) & GROUP_BITS | domain(slot));
  }

  private int slotFor(long page, long tag) {
    int known = findAt(page, tag);
    if (known >= 0) {
      return known;
    }
    while (true) {
      int set = set(page, tag);
      int free = freeSlot(set);
      if (free >= 0) {
        return free;
      }
      if (!grows) {
        int first = slotAt(set, 0) + STAMP;
        return slotAt(set, replacement.victim(set, lines, first, (setMask + 1) * STRIDE));
      }
      grow();
    }
  }

  private int freeSlot(int set) {
    for (int way = 0; way < ways; way++) {
      int slot = slotAt(set, way);
      if (!isUsed(slot)) {
        return slot;
      }
    }
    return -1;
  }

  private void grow() {
    long[] oldLines = lines;
    long[] oldOwners = owners;
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
      for (int i = 0; i < oldOwners.length && placed; i++) {
        placed = oldLines[i * STRIDE + TAG] == 0 || place(oldLines, i * STRIDE, oldOwners[i]);
      }
    } while (!placed);
  }

  private boolean place(long[] from, int line, long owner) {
    long page = from[line + PAGE];
    long tag = from[line + TAG];
    int slot = freeSlot(set(page, tag));
    if (slot < 0) {
      return false;
    }
    fill(slot, page, tag, from[line + VALUE], owner);
    return true;
  }

  // ---- emptying --------------------------------------------------------------------------------

  void remove(int slot) {
    if (isUsed(slot)) {
      int level = level(slot);
      size--;
      if (--perLevel[level] == 0) {
        levels &= ~(1 << level);
      }
      groups.unlink(slot / STRIDE);
      lines[slot + TAG] = 0;
    }
  }

  void clear() {
    if (size != 0) {
      Arrays.fill(lines, 0);
      Arrays.fill(perLevel, 0);
      groups.clear();
      levels = 0;
      size = 0;
    }
  }

  /** Back to the state after construction, replacement included. */
  void reset() {
    clear();
    replacement.clear();
    clock = 0;
  }
}
