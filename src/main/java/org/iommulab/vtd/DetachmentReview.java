package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.walk.BindingReader;
import org.iommulab.vtd.walk.TableRoot;

/**
 * Looks at context entries again to tell which devices are off the unit; see {@link Detachment}.
 */
final class DetachmentReview {

  private final boolean detaches;
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
    for (int bus = 0; root.isEnabled() && bus < 256; bus++) {
      long[] frame = memory.frame(root.address() >>> 12);
      boolean any = frame != null && ((frame[bus * 2] | frame[bus * 2 + 1]) & 1) != 0;
      for (int devfn = 0; any && devfn < 256; devfn++) {
        device(bus << 8 | devfn);
      }
    }
  }

  /** The devices a device-selective invalidation covers. */
  void devices(int source, int mask) {
    for (int function = 0; detaches && function < 8; function++) {
      int candidate = source & ~7 | function;
      if ((candidate & mask) == (source & mask)) {
        device(candidate);
      }
    }
  }

  private boolean readsPassThrough(int source) {
    request.start(source, 0, Rights.READ);
    request.probing = true;
    request.ignoringCaches = true;
    Binding binding = reader.all(request, -1);
    return binding != null && binding.isPassThrough() && PasidEntry.P.isSet(binding.raw[0]);
  }
}
