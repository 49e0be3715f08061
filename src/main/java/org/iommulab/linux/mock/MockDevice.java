package org.iommulab.linux.mock;

import java.util.Arrays;
import java.util.TreeMap;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.iommu.IommuDomain;
import org.jspecify.annotations.Nullable;

/** What the mock remembers of one of its devices. */
final class MockDevice {

  /** Slots of its cache. */
  static final int SLOTS = 4;

  private static final int CACHE_DEFAULT = 0xBADDAD;

  private final int flags;
  private final TreeMap<Pasid, IommuDomain> pasids = new TreeMap<>();
  private final int[] cache = new int[SLOTS];
  private boolean failsNext;

  MockDevice(int flags) {
    this.flags = flags;
    Arrays.fill(cache, CACHE_DEFAULT);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int cache(int slot) {
    return cache[slot];
  }

  /** Invalidates one slot of its cache, all for -1. */
  void dropCache(int slot) {
    if (slot < 0) {
      Arrays.fill(cache, 0);
    } else {
      cache[slot] = 0;
    }
  }

  @Nullable IommuDomain pasid(Pasid pasid) {
    return pasids.get(pasid);
  }

  void attach(Pasid pasid, IommuDomain domain) {
    pasids.put(pasid, domain);
  }

  void detach(Pasid pasid) {
    pasids.remove(pasid);
    failsNext = false;
  }

  /** Alternates, beginning with false: the selftest's way to see a replacement fail. */
  boolean failsNow() {
    boolean fails = failsNext;
    failsNext = !fails;
    return fails;
  }
}
