package org.iommulab.vtd.translate;

import java.util.Arrays;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Binding.Kind;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.TranslationCache;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/**
 * Serves what is right and common for the devices that were served last: what the IOTLB holds, and
 * walks in which nothing is amiss. It only ever accepts; whatever it does not like goes, untouched,
 * to {@link Translator#translate}, which makes all checks in order and knows every mode.
 */
final class FastPath {

  /** Answer for a request that was not accepted. */
  static final long REFUSED = -1;

  private static final int NOBODY = -1;
  private static final int SLOTS = 64;
  private static final long FRAME = SecondStageWalker.ADDRESS;

  private final PhysicalMemory memory;
  private final Counters counters;
  private final TranslationCache iotlb;
  private final boolean iotlbExists;
  private final boolean pagingExists;
  private final InterruptRange interruptRange;
  private final SecondStageWalker secondStage;
  private final FirstStageWalker firstStage;
  private final TableWalk walk;

  private boolean memoryProtected;
  private boolean watched;

  /** A device and what its cached entries say; no device has a negative id. */
  private static final class Served {
    private int source = NOBODY;
    private long tag;
    private Binding binding = new Binding();
    private final StagePlan second = new StagePlan();
    private final StagePlan first = new StagePlan();

    /** How its requests are walked; null if only cached translations are served. */
    private @Nullable StagePlan plan;
  }

  private static final Served NO_DEVICE = new Served();

  private final Served[] served = new Served[SLOTS];
  private boolean servesAny;

  FastPath(
      PhysicalMemory memory,
      Caches caches,
      Counters counters,
      SecondStageWalker secondStage,
      FirstStageWalker firstStage,
      InterruptRange interruptRange) {
    this.memory = memory;
    this.counters = counters;
    this.interruptRange = interruptRange;
    this.secondStage = secondStage;
    this.firstStage = firstStage;
    iotlb = caches.iotlb;
    iotlbExists = iotlb.exists();
    pagingExists = caches.paging.exists();
    walk = new TableWalk(memory, iotlbExists);
    Arrays.fill(served, NO_DEVICE);
  }

  private static int slot(int requester) {
    return (requester ^ requester >>> 8) & SLOTS - 1;
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
    if (servesAny) {
      for (Served device : served) {
        device.source = NOBODY;
      }
      servesAny = false;
    }
  }

  /** Serves the coming requests of a cached entry's device, if they can be of the plain kind. */
  void remember(Request request, Binding cached) {
    if (request.probing || memoryProtected || watched) {
      return;
    }
    int slot = slot(cached.source);
    Served device = served[slot];
    if (device == NO_DEVICE) {
      device = new Served();
      served[slot] = device;
    }
    if (device.source == cached.source && device.binding == cached && !request.privileged) {
      return;
    }
    device.source = NOBODY;
    if (cached.isPassThrough() || request.privileged) {
      return;
    }
    device.source = cached.source;
    device.tag = cached.tag;
    device.binding = cached;
    device.plan = plan(device, cached);
    servesAny = true;
  }

  private @Nullable StagePlan plan(Served device, Binding cached) {
    if (cached.secondExecute
        || cached.secondDirtyTracking
        || pagingExists
        || memory.holdsWrites()
        || (cached.usesFirstStage() && !firstStage.isPlain())) {
      return null;
    }
    if (cached.kind != Kind.FIRST_STAGE) {
      device.second.second(cached, secondStage);
    }
    if (cached.usesFirstStage()) {
      device.first.first(cached, firstStage, cached.kind == Kind.NESTED ? device.second : null);
    }
    return cached.usesFirstStage() ? device.first : device.second;
  }

  /** Translates a plain request if everything about it is as it should be; see the class. */
  long translate(int requester, long address, int access) {
    Served device = served[slot(requester)];
    if (requester != device.source || InterruptRange.contains(address)) {
      return REFUSED;
    }
    if (iotlbExists) {
      int slot = iotlb.find(address, device.tag);
      if (slot >= 0) {
        return hit(slot, address, access | Rights.USER);
      }
    }
    StagePlan plan = device.plan;
    return plan == null ? REFUSED : walk(device, plan, address, access);
  }

  private long hit(int slot, long address, int need) {
    long value = iotlb.value(slot);
    int level = iotlb.level(slot);
    long offset = (1L << TranslationCache.shift(level)) - 1;
    long output = value & FRAME | address & offset;
    // A small page in the interrupt range never got here.
    if ((value & need) != need || (level > 1 && interruptRange.forbids(output, level))) {
      return REFUSED;
    }
    counters.fastHits++;
    iotlb.used(slot);
    return output;
  }

  private long walk(Served device, StagePlan plan, long address, int access) {
    long output = walk.walk(plan, address, access);
    if (output == TableWalk.REFUSED || interruptRange.forbids(output, walk.level())) {
      return REFUSED;
    }
    counters.fastWalks++;
    counters.fastReads += walk.reads();
    if (iotlbExists) {
      counters.iotlbMisses++;
      long frame = output & -1L << TranslationCache.shift(walk.level());
      iotlb.insert(address, device.tag, walk.level(), frame | walk.cacheable(plan), device.binding);
    }
    return output;
  }
}
