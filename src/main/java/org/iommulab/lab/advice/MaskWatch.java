package org.iommulab.lab.advice;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.iommulab.bus.PciDevice;

/** Whether masks fit the devices they are set for: K22. */
final class MaskWatch {

  private final Set<PciDevice> set = new HashSet<>();
  private final Set<PciDevice> refused = new HashSet<>();

  void clear() {
    set.clear();
    refused.clear();
  }

  void set(Step step, PciDevice device) {
    long mask = step.number(-1, "mask");
    if (step.errno() != null) {
      refused.add(device);
    } else {
      set.add(device);
      refused.remove(device);
    }
    long own = device.dmaMask();
    boolean narrow = Long.compareUnsigned(mask, 0xFFFF_FFFFL) < 0;
    if (Long.compareUnsigned(mask, own) > 0) {
      raise(step, device, mask, Wording.ADDRESSES_CUT);
    } else if (narrow) {
      raise(step, device, mask, Wording.OUT_OF_REACH);
    }
  }

  void mapped(Step step, PciDevice device) {
    if (refused.contains(device)) {
      raise(step, device, device.dmaMask(), Wording.MASK_FAILED);
    }
  }

  private static void raise(Step step, PciDevice device, long mask, Wording what) {
    long own = device.dmaMask();
    step.raise(
        "K22",
        device.source(),
        List.of(Evidence.command(step.number())),
        List.of(
            Remedy.call(
                "dma_set_mask_and_coherent",
                String.format(
                    Locale.ROOT, "\"dev\":\"%s\",\"mask\":\"%s\"", device.name(), Digits.of(own)))),
        device.name(),
        Long.bitCount(own),
        Digits.of(mask),
        what.with());
  }
}
