package org.iommulab.vtd.translate;

import java.util.Arrays;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.TranslationCache;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;

/**
 * Serves what is right and common for the devices that were served last: what the IOTLB holds, and
 * walks in which nothing is amiss. It only ever accepts; whatever it does not like goes, untouched,
 * to {@link Translator#translate}, which makes all checks in order and knows every mode.
 */
final class FastPath {

  /** Answer for a request that was not accepted. */
  static final long REFUSED = TableWalk.REFUSED;

  /** Room for 64 devices with each kind of access. */
  private static final int SLOTS = 256;

  private static final int NOBODY = -1;
  private static final int ACCESS = Rights.READ | Rights.WRITE;
  private static final int ACCESS_BITS = 2;
  private static final long FRAME = SecondStageWalker.ADDRESS;

  private final PhysicalMemory memory;
  private final boolean pagingExists;
  private final Counters counters;
  private final TranslationCache iotlb;
  private final SecondStageWalker secondStage;
  private final FirstStageWalker firstStage;
  private final InterruptRange interruptRange;

  private boolean memoryProtected;
  private boolean watched;
  private final Served[] served = new Served[SLOTS];
  private final Served nobody;
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
    pagingExists = caches.paging.exists();
    nobody = new Served();
    Arrays.fill(served, nobody);
  }

  /**
   * A requester and an access in one number, as {@link #translate} takes it.
   *
   * @param access {@link Rights#READ} or {@link Rights#WRITE} or both
   */
  static int key(int requester, int access) {
    return requester << ACCESS_BITS | access;
  }

  /** The requester of a key. */
  static int requester(int key) {
    return key >>> ACCESS_BITS;
  }

  /** The access of a key. */
  static int access(int key) {
    return key & ACCESS;
  }

  private static int slot(int key) {
    return (key ^ key >>> 8) & SLOTS - 1;
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
        device.key = NOBODY;
      }
      servesAny = false;
    }
  }

  /**
   * Serves the coming requests for the same access of a cached entry's device, if they can be of
   * the plain kind.
   */
  void remember(Request request, Binding cached) {
    int access = request.need & ACCESS;
    if (request.probing || memoryProtected || watched || access == 0) {
      return;
    }
    int key = key(cached.source, access);
    Served device = served[slot(key)];
    if (device == nobody) {
      device = new Served();
      served[slot(key)] = device;
    }
    if (device.key == key && device.binding == cached && !request.privileged) {
      return;
    }
    device.key = NOBODY;
    if (!cached.isPassThrough() && !request.privileged) {
      device.become(key, cached);
      servesAny = true;
    }
  }

  private boolean isPlain(Binding cached) {
    return !cached.secondExecute
        && !cached.secondDirtyTracking
        && !pagingExists
        && !memory.holdsWrites()
        && (!cached.usesFirstStage() || firstStage.isPlain());
  }

  /**
   * Translates a plain request if everything about it is as it should be and quickly found; what it
   * refuses is for {@link #translateUnfound}. Short, so that it becomes part of its caller's loop.
   */
  long translate(int key, long address) {
    Served device = served[slot(key)];
    return key == device.key && !InterruptRange.contains(address) ? device.serve(address) : REFUSED;
  }

  /** Translates what {@link #translate} refused, if it only was not found so quickly. */
  long translateUnfound(int key, long address) {
    Served device = served[slot(key)];
    return iotlb.exists() && key == device.key && !InterruptRange.contains(address)
        ? device.search(address)
        : REFUSED;
  }

  /**
   * A device with one kind of access, and what its cached entries say of it. It is the walk of its
   * own first or only stage: one object is quickly at hand.
   */
  private final class Served extends TableWalk {

    private final Counters counters = FastPath.this.counters;
    private final long[] walks = counters.fastWalks;
    private final TranslationCache iotlb = FastPath.this.iotlb;
    private final InterruptRange interruptRange = FastPath.this.interruptRange;
    private final TableWalk tables = new TableWalk(memory, false);
    private final TableWalk beyond = new TableWalk(memory, keeps);
    private int key = NOBODY;
    private long need;
    private long tag;
    private long smallTag;
    private int smallSpread;

    Served() {
      super(FastPath.this.memory, FastPath.this.iotlb.exists());
    }

    private void become(int newKey, Binding cached) {
      key = newKey;
      need = access(newKey) | Rights.USER;
      tag = cached.tag;
      smallTag = TranslationCache.smallTag(tag);
      smallSpread = iotlb.spread(smallTag);
      binding = cached;
      if (!isPlain(cached) || !plan(cached, access(newKey))) {
        none();
      }
    }

    private boolean plan(Binding cached, int access) {
      return switch (cached.kind) {
        case SECOND_STAGE -> second(cached, access, secondStage);
        case FIRST_STAGE -> first(cached, access, firstStage, null, null);
        case NESTED ->
            tables.second(cached, Rights.READ, secondStage)
                && beyond.second(cached, access, secondStage)
                && first(cached, access, firstStage, tables, beyond);
        case PASS_THROUGH -> false;
      };
    }

    /** The first look: a small page in its likeliest place, or the tables if nothing is cached. */
    private long serve(long address) {
      if (!keeps) {
        return through(address);
      }
      int slot = iotlb.likelySlot(address, smallSpread);
      return iotlb.isAt(slot, address, smallTag) ? hit(slot, address, 1) : REFUSED;
    }

    /** The second look, after the first one: anywhere in the IOTLB, then the tables. */
    private long search(long address) {
      int slot = iotlb.find(address, tag);
      if (slot >= 0) {
        return hit(slot, address, iotlb.level(slot));
      }
      return through(address);
    }

    private long hit(int slot, long address, int level) {
      long value = iotlb.value(slot);
      long offset = (1L << TranslationCache.shift(level)) - 1;
      long output = (value & FRAME) + (address & offset);
      // A small page in the interrupt range never got here.
      if ((need & ~value) != 0 || (level > 1 && interruptRange.forbids(output, level))) {
        return REFUSED;
      }
      counters.fastHits++;
      iotlb.used(slot);
      return output;
    }

    // Of a small page there is nothing to decide.
    private boolean isForbidden(long output, int level) {
      return level == 1 ? InterruptRange.contains(output) : interruptRange.forbids(output, level);
    }

    private long through(long address) {
      long output = walk(address);
      if (output < 0 || isForbidden(output, level())) {
        return REFUSED;
      }
      walks[reads()]++;
      if (keeps) {
        counters.iotlbMisses++;
        long frame = output & -1L << TranslationCache.shift(level());
        iotlb.insert(address, tag, level(), frame | cacheable(), binding);
      }
      return output;
    }
  }
}
