package org.iommulab.lab.advice;

import java.util.List;
import java.util.Map;
import org.iommulab.linux.Kernel;

/** Who may touch a buffer while it is mapped: K18, K19, K26. */
final class OwnerRules {

  private final Mappings mappings;

  OwnerRules(Mappings mappings) {
    this.mappings = mappings;
  }

  /** K18, K26: the processor at a buffer that belongs to the device. */
  void touched(Step step, String at, long length, boolean store) {
    Kernel kernel = step.kernel().orElse(null);
    if (kernel == null) {
      return;
    }
    long address = Step.number(step.rig().resolved(Map.of("at", at)).get("at"));
    long physical = kernel.dma().physical(address);
    for (Live one : mappings.live()) {
      if (physical < 0 || !one.belongsToDevice() || !one.lies(physical, length)) {
        continue;
      }
      boolean unread = !store && one.direction.fromDevice() && one.deviceWrote;
      if (unread && one.bounced) {
        step.raise("K26", one, Remedy.syncForCpu(one), one.device.name(), Digits.bare(one.address));
      } else if (unread || store) {
        step.raise(
            "K18",
            one,
            Remedy.syncForCpu(one),
            (store ? Wording.PROCESSOR_WROTE : Wording.PROCESSOR_READ).with(),
            Digits.bare(address),
            one.device.name(),
            one.step);
      }
    }
  }

  /** K19: the buffer goes back to the allocator, the device keeps it. */
  void freed(Step step) {
    long physical = DmaCall.physical(step, step.number(0, "ptr", "cpu_addr", "phys"));
    Mappings.Buffer buffer = mappings.freed(physical);
    long size = buffer == null ? 4096 : buffer.size();
    mappings
        .lying(physical, size)
        .ifPresent(
            one ->
                step.raise(
                    "K19",
                    physical,
                    List.of(
                        Evidence.command(one.step),
                        Evidence.command(step.number()),
                        Evidence.mapping(one.address)),
                    Remedy.unmap(one),
                    Digits.bare(physical),
                    one.device.name(),
                    Digits.bare(one.address)));
  }
}
