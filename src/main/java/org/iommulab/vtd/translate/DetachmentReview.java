package org.iommulab.vtd.translate;

import java.util.Arrays;
import java.util.Set;
import java.util.function.IntConsumer;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/**
 * Looks at context entries again to tell which devices are off the unit; see {@link Detachment}.
 */
final class DetachmentReview {

  private final boolean detaches;
  private final boolean followsPasidCache;
  private final boolean firstStage;
  private final PhysicalMemory memory;
  private final TableRoot root;
  private final BindingReader reader;
  private final Detachment detachment = new Detachment();
  private final Request request = new Request();

  DetachmentReview(
      UnitConfiguration configuration,
      PhysicalMemory memory,
      TableRoot root,
      BindingReader reader) {
    detaches = configuration.has(Quirk.PASS_THROUGH_DETACHES_DEVICE);
    followsPasidCache = configuration.has(Quirk.PASS_THROUGH_FOLLOWS_PASID_CACHE);
    firstStage = configuration.capabilities().has(ExtendedCapabilityLayout.FSTS);
    this.memory = memory;
    this.root = root;
    this.reader = reader;
  }

  Detachment detachment() {
    return detachment;
  }

  /** Tells whether a device is off the unit. */
  boolean isDetached(int source) {
    return detaches && detachment.contains(source);
  }

  void device(int source) {
    if (detaches) {
      detachment.set(source, root.isEnabled() && readsPassThrough(source));
    }
  }

  void allDevices() {
    if (!detaches) {
      return;
    }
    detachment.clear();
    forEachDevice(
        source -> {
          device(source);
          refresh(source);
        });
  }

  /** Calls with every requester that the root table may know. */
  private void forEachDevice(IntConsumer action) {
    for (int bus = 0; root.isEnabled() && bus < 256; bus++) {
      long[] frame = memory.frame(root.address() >>> 12);
      boolean any = frame != null && ((frame[bus * 2] | frame[bus * 2 + 1]) & 1) != 0;
      for (int devfn = 0; any && devfn < 256; devfn++) {
        action.accept(bus << 8 | devfn);
      }
    }
  }

  /** The devices a device-selective invalidation covers. */
  void devices(int source, int mask) {
    for (int function = 0; detaches && function < 8; function++) {
      int candidate = source & ~7 | function;
      if ((candidate & mask) == (source & mask)) {
        device(candidate);
        if (firstStage) {
          refresh(candidate);
        }
      }
    }
  }

  /**
   * PASID-cache invalidation: where the entry in memory is not the one that counts as cached, looks
   * again.
   *
   * @param domain -1 for any
   * @param pasid -1 for any
   */
  void pasids(int domain, int pasid) {
    if (!followsPasidCache || !root.isEnabled() || !root.isScalable()) {
      return;
    }
    Set<Integer> known = detachment.known();
    known.forEach(source -> pasid(source, domain, pasid));
    forEachDevice(
        source -> {
          if (!known.contains(source)) {
            pasid(source, domain, pasid);
          }
        });
  }

  private void pasid(int source, int domain, int pasid) {
    long[] cached = detachment.entry(source);
    Binding now = read(source);
    if (now == null) {
      if (cached != null) {
        detachment.forget(source);
        device(source);
      }
      return;
    }
    long[] counts = cached == null ? now.raw : cached;
    boolean named = pasid <= 0 && (domain < 0 || domain == (int) PasidEntry.DID.get(counts[1]));
    if (named && !Arrays.equals(cached, now.raw)) {
      detachment.remember(source, now.raw.clone());
      device(source);
    }
  }

  private void refresh(int source) {
    if (!followsPasidCache || !root.isEnabled() || !root.isScalable()) {
      return;
    }
    Binding now = read(source);
    if (now == null) {
      detachment.forget(source);
    } else {
      detachment.remember(source, now.raw.clone());
    }
  }

  private boolean readsPassThrough(int source) {
    Binding binding = read(source);
    return binding != null && binding.isPassThrough() && PasidEntry.P.isSet(binding.raw[0]);
  }

  private @Nullable Binding read(int source) {
    request.start(source, 0, Rights.READ);
    request.probing = true;
    request.ignoringCaches = true;
    return reader.all(request, -1);
  }
}
