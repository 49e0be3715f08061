package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.Binding.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Serves what is right and common: a second-stage translation of the device that was served last,
 * from the IOTLB or by a walk. It only ever accepts; whatever it does not like goes, untouched, to
 * {@link Translator#translate}, which makes all checks in order and knows every mode.
 */
final class FastPath {

  /** Answer for a request that was not accepted. */
  static final long REFUSED = RemappingUnit.BLOCKED;

  private static final long FRAME = SecondStageWalker.ADDRESS;
  private static final long PAGE = SecondStageWalker.PAGE;

  private final PhysicalMemory memory;
  private final Counters counters;
  private final TranslationCache iotlb;
  private final boolean iotlbExists;
  private final boolean pagingExists;
  private final InterruptRange interruptRange;
  private final long upperReserved;
  private final long tableReserved;
  private final long leaf1GReserved;
  private final long leaf2MReserved;
  private final long leaf4KReserved;

  private boolean memoryProtected;
  private @Nullable Binding fast;

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
    leaf1GReserved = secondStage.reserved(3, PAGE);
    leaf2MReserved = secondStage.reserved(2, PAGE);
    leaf4KReserved = secondStage.reserved(1, 0);
  }

  /** Protected memory asks for a look at each output, which is not made here. */
  void setMemoryProtected(boolean on) {
    memoryProtected = on;
    forget();
  }

  /** To be called whenever a context or PASID entry leaves a cache. */
  void forget() {
    fast = null;
  }

  /**
   * Serves the coming requests of a cached context entry's device, if they are of the plain kind.
   */
  void remember(Request request, Binding binding) {
    if (request.probing || memoryProtected) {
      return;
    }
    fast =
        binding.kind == Kind.SECOND_STAGE
                && !binding.secondExecute
                && !pagingExists
                && !binding.secondDirtyTracking
            ? binding
            : null;
  }

  /** Translates a plain request if everything about it is as it should be; see the class. */
  long translate(int source, long address, int access) {
    Binding binding = fast;
    if (binding == null
        || binding.source != source
        || (address & binding.secondBeyond) != 0
        || InterruptRange.contains(address)) {
      return REFUSED;
    }
    if (iotlbExists) {
      int slot = iotlb.find(address, binding.tag);
      if (slot >= 0) {
        return hit(slot, address, access);
      }
    }
    return walk(binding, address, access);
  }

  private long hit(int slot, long address, int access) {
    long value = iotlb.value(slot);
    int level = iotlb.level(slot);
    long offset = (1L << 9 * level + 3) - 1;
    long output = value & FRAME | address & offset;
    if ((value & access) != access || interruptRange.forbids(output, level)) {
      return REFUSED;
    }
    counters.fastHits++;
    iotlb.used(slot);
    return output;
  }

  // One comparison per level checks rights and reserved bits; an entry that cannot be read is zero
  // and so lacks every right.
  private long walk(Binding binding, long address, int access) {
    long granted = Rights.READ | Rights.WRITE;
    long table = binding.secondRoot;
    int levels = binding.secondLevels;
    if (levels == 5) {
      long entry = entry(table, address >>> 48);
      if ((entry & (access | upperReserved)) != access) {
        return REFUSED;
      }
      granted &= entry;
      table = entry & FRAME;
    }
    if (levels >= 4) {
      long entry = entry(table, address >>> 39);
      if ((entry & (access | upperReserved)) != access) {
        return REFUSED;
      }
      granted &= entry;
      table = entry & FRAME;
    }
    long entry = entry(table, address >>> 30);
    granted &= entry;
    if ((entry & PAGE) != 0) {
      return end(binding, address, access, entry, granted, 3, leaf1GReserved);
    }
    if ((entry & (access | tableReserved)) != access) {
      return REFUSED;
    }
    entry = entry(entry & FRAME, address >>> 21);
    granted &= entry;
    if ((entry & PAGE) != 0) {
      return end(binding, address, access, entry, granted, 2, leaf2MReserved);
    }
    if ((entry & (access | tableReserved)) != access) {
      return REFUSED;
    }
    entry = entry(entry & FRAME, address >>> 12);
    granted &= entry;
    return end(binding, address, access, entry, granted, 1, leaf4KReserved);
  }

  private long entry(long table, long index) {
    long[] frame = memory.frame(table >>> 12);
    return frame == null ? 0 : frame[(int) index & 511];
  }

  private long end(
      Binding binding,
      long address,
      int access,
      long entry,
      long granted,
      int level,
      long leafReserved) {
    long offset = (1L << 9 * level + 3) - 1;
    long output = entry & FRAME & ~offset | address & offset;
    if ((entry & (access | leafReserved)) != access || interruptRange.forbids(output, level)) {
      return REFUSED;
    }
    counters.fastWalks[binding.secondLevels * 8 + level]++;
    if (iotlbExists) {
      counters.iotlbMisses++;
      int rights = SecondStageWalker.spread((int) granted, entry);
      iotlb.insert(
          address, binding.tag, level, output & ~offset | rights, binding.domain, binding.source);
    }
    return output;
  }
}
