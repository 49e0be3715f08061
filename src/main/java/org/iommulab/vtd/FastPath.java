package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Binding.Kind;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.TranslationCache;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.walk.InterruptRange;
import org.iommulab.vtd.walk.SecondStageWalker;

/**
 * Serves what is right and common for the device that was served last: what the IOTLB holds, and
 * walks of the second stage. It only ever accepts; whatever it does not like goes, untouched, to
 * {@link Translator#translate}, which makes all checks in order and knows every mode.
 */
final class FastPath {

  /** Answer for a request that was not accepted. */
  static final long REFUSED = RemappingUnit.BLOCKED;

  private static final int NOBODY = -1;
  private static final long FRAME = SecondStageWalker.ADDRESS;

  /** Bits of addresses that are not near. */
  private static final long FAR = FRAME & -PhysicalMemory.NEAR;

  private static final long PAGE = SecondStageWalker.PAGE;

  private final PhysicalMemory memory;
  private final Counters counters;
  private final TranslationCache iotlb;
  private final boolean iotlbExists;
  private final boolean pagingExists;
  private final InterruptRange interruptRange;
  private final long upperReserved;
  private final long tableReserved;
  private final long upperForbidden;
  private final long tableForbidden;
  private final long leaf1GReserved;
  private final long leaf2MReserved;
  private final long leaf4KReserved;

  private boolean memoryProtected;
  private boolean watched;

  // The device that was served last and what its entries say; no device has a negative id.
  private int source = NOBODY;
  private long tag;
  private Binding binding = new Binding();
  private long root;
  private int levels;
  private long beyond;

  /** Whether walks are plain, and whether they are of four levels that start in near memory. */
  private boolean walks;

  private boolean walksNear;

  FastPath(
      PhysicalMemory memory,
      Caches caches,
      Counters counters,
      SecondStageWalker secondStage,
      InterruptRange interruptRange) {
    this.memory = memory;
    this.counters = counters;
    this.interruptRange = interruptRange;
    iotlb = caches.iotlb;
    iotlbExists = iotlb.exists();
    pagingExists = caches.paging.exists();
    upperReserved = secondStage.reserved(4, 0) | PAGE;
    tableReserved = secondStage.reserved(3, 0) | secondStage.reserved(2, 0);
    upperForbidden = upperReserved | FAR;
    tableForbidden = tableReserved | FAR;
    leaf1GReserved = secondStage.reserved(3, PAGE);
    leaf2MReserved = secondStage.reserved(2, PAGE);
    leaf4KReserved = secondStage.reserved(1, 0);
  }

  /** Protected memory asks for a look at each output, which is not made here. */
  void setMemoryProtected(boolean on) {
    memoryProtected = on;
    forget();
  }

  /** While every request is watched, none takes the fast way. */
  void setWatched(boolean on) {
    watched = on;
    forget();
  }

  /** To be called whenever a context or PASID entry leaves a cache, or may have to make room. */
  void forget() {
    source = NOBODY;
  }

  /** Serves the coming requests of a cached entry's device, if they can be of the plain kind. */
  void remember(Request request, Binding cached) {
    if (request.probing || memoryProtected || watched) {
      return;
    }
    forget();
    if (!cached.isPassThrough() && !request.privileged) {
      source = cached.source;
      tag = cached.tag;
      binding = cached;
      root = cached.secondRoot;
      levels = cached.secondLevels;
      beyond = cached.secondBeyond;
      walks =
          cached.kind == Kind.SECOND_STAGE
              && !cached.secondExecute
              && !cached.secondDirtyTracking
              && !pagingExists
              && !memory.holdsWrites();
      walksNear = walks && levels == 4 && (root & FAR) == 0;
    }
  }

  /** Translates a plain request if everything about it is as it should be; see the class. */
  long translate(int requester, long address, int access) {
    if (requester != source || InterruptRange.contains(address)) {
      return REFUSED;
    }
    if (iotlbExists) {
      int slot = iotlb.find(address, tag);
      if (slot >= 0) {
        return hit(slot, address, access | Rights.USER);
      }
    }
    if (walksNear) {
      return walk(address, access);
    }
    return walks && (address & beyond) == 0 ? walkAnywhere(address, access) : REFUSED;
  }

  private long hit(int slot, long address, int need) {
    long value = iotlb.value(slot);
    int level = iotlb.level(slot);
    long offset = (1L << TranslationCache.shift(level)) - 1;
    long output = value & FRAME | address & offset;
    if ((value & need) != need || interruptRange.forbids(output, level)) {
      return REFUSED;
    }
    counters.fastHits++;
    iotlb.used(slot);
    return output;
  }

  /**
   * Four levels with all tables in near memory, the common case, written out. One comparison per
   * level checks rights, reserved bits and nearness; an entry that cannot be read is zero and so
   * lacks every right.
   */
  private long walk(long address, int access) {
    if ((address & beyond) != 0) {
      return REFUSED;
    }
    long granted = Rights.READ | Rights.WRITE;
    long entry = entry(root, address >>> 39);
    if ((entry & (access | upperForbidden)) != access) {
      return walkAnywhere(address, access);
    }
    granted &= entry;
    entry = entry(entry & FRAME, address >>> 30);
    granted &= entry;
    if ((entry & PAGE) != 0) {
      return end(address, access, entry, granted, 3, leaf1GReserved);
    }
    if ((entry & (access | tableForbidden)) != access) {
      return walkAnywhere(address, access);
    }
    entry = entry(entry & FRAME, address >>> 21);
    granted &= entry;
    if ((entry & PAGE) != 0) {
      return end(address, access, entry, granted, 2, leaf2MReserved);
    }
    if ((entry & (access | tableForbidden)) != access) {
      return walkAnywhere(address, access);
    }
    entry = entry(entry & FRAME, address >>> 12);
    granted &= entry;
    return end(address, access, entry, granted, 1, leaf4KReserved);
  }

  private long entry(long table, long index) {
    return memory.nearQword((int) (table >>> 12), (int) index);
  }

  private long end(long address, int access, long entry, long granted, int level, long forbidden) {
    long offset = (1L << TranslationCache.shift(level)) - 1;
    long output = entry & FRAME & ~offset | address & offset;
    if ((entry & (access | forbidden)) != access || interruptRange.forbids(output, level)) {
      return walkAnywhere(address, access);
    }
    return found(address, output, level, granted, entry);
  }

  private long found(long address, long output, int level, long granted, long entry) {
    counters.fastWalks++;
    counters.fastReads += levels - level + 1;
    if (iotlbExists) {
      counters.iotlbMisses++;
      long frame = output & -1L << TranslationCache.shift(level);
      int rights = SecondStageWalker.spread((int) granted, entry);
      iotlb.insert(address, tag, level, frame | rights, binding);
    }
    return output;
  }

  private long leafReserved(int level) {
    return level == 1 ? leaf4KReserved : level == 2 ? leaf2MReserved : leaf1GReserved;
  }

  /** Any depth, any memory. */
  private long walkAnywhere(long address, int access) {
    long granted = Rights.READ | Rights.WRITE;
    long table = root;
    for (int level = levels; ; level--) {
      long[] frame = memory.frame(table >>> 12);
      if (frame == null) {
        return REFUSED;
      }
      long entry = frame[(int) (address >>> TranslationCache.shift(level)) & 511];
      boolean leaf = level == 1 || (level <= 3 && (entry & PAGE) != 0);
      long forbidden = leaf ? leafReserved(level) : level >= 4 ? upperReserved : tableReserved;
      if ((entry & (access | forbidden)) != access) {
        return REFUSED;
      }
      granted &= entry;
      if (leaf) {
        long offset = (1L << TranslationCache.shift(level)) - 1;
        long output = entry & FRAME & ~offset | address & offset;
        return interruptRange.forbids(output, level)
            ? REFUSED
            : found(address, output, level, granted, entry);
      }
      table = entry & FRAME;
    }
  }
}
