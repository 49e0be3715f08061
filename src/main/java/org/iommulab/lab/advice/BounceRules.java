package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.bus.PciDevice;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.jspecify.annotations.Nullable;

/** Mappings that are bounced, or should be: K27 to K29, T09. */
final class BounceRules {

  private static final long LARGEST = 256L << 10;
  private static final long SECOND_NS = 1_000_000_000;

  private final Mappings mappings;
  private boolean oldKernel;

  BounceRules(Mappings mappings) {
    this.mappings = mappings;
  }

  /** A kernel of that age runs now. */
  void booted(@Nullable String era) {
    oldKernel = olderThan(era, 5, 19);
  }

  private static boolean olderThan(@Nullable String era, int major, int minor) {
    if (era == null) {
      return false;
    }
    String[] parts = era.split("\\.");
    try {
      int first = Integer.parseInt(parts[0]);
      int second = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      return first < major || first == major && second < minor;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Whether the device got a copy: the address leads elsewhere than to the buffer. */
  static boolean isBounced(DmaCall call, long address, long physical) {
    Step step = call.step();
    if (!DmaCall.translated(step, call.device())) {
      return address != physical;
    }
    long end = physical + call.size();
    return DmaCall.untrusted(step, call.device())
        && step.kernel().stream()
            .flatMap(kernel -> kernel.dma().swiotlb().view().slots().stream())
            .anyMatch(slot -> slot.original() >= (physical & -2048L) && slot.original() < end);
  }

  /** T09, K28: why a map call failed, if bouncing has to do with it. */
  void mapFailed(DmaCall call) {
    Step step = call.step();
    boolean translated = DmaCall.translated(step, call.device());
    if (translated && call.partly() && DmaCall.untrusted(step, call.device())) {
      raiseNoBounce(call, Wording.MAP_MUST_FAIL);
    } else if (call.size() > LARGEST && !translated) {
      step.raise(
          "K28",
          call.device().source(),
          List.of(Evidence.command(step.number())),
          List.of(Remedy.call("dma_max_mapping_size", Remedy.device(call.device()))),
          call.size());
    } else if (!translated) {
      slots(step, call.device());
    }
  }

  /** T09: an untrusted device got the page itself, though the buffer fills only part of it. */
  void mapped(DmaCall call, long physical, boolean bounced) {
    boolean exposed =
        !bounced
            && DmaCall.partly(physical, call.size())
            && DmaCall.untrusted(call.step(), call.device())
            && DmaCall.translated(call.step(), call.device());
    if (exposed) {
      raiseNoBounce(call, Wording.REST_OF_PAGE);
    }
  }

  private static void raiseNoBounce(DmaCall call, Wording then) {
    call.step()
        .raise(
            "T09",
            call.device().source(),
            List.of(Evidence.command(call.step().number())),
            List.of(),
            call.device().name(),
            call.size(),
            then.with());
  }

  /** K27: slots that nobody can give back, or one device that holds nearly all. */
  void slots(Step step, PciDevice device) {
    Swiotlb pool = step.kernel().map(kernel -> kernel.dma().swiotlb()).orElse(null);
    List<Live> bounced = mappings.of(device.source()).stream().filter(one -> one.bounced).toList();
    if (pool == null || bounced.isEmpty()) {
      return;
    }
    long lost = bounced.stream().filter(one -> one.nameLost).count();
    long slots = bounced.stream().mapToLong(one -> one.size + 2047 >>> 11).sum();
    boolean old = bounced.stream().allMatch(one -> step.timeNs() - one.sinceNs >= SECOND_NS);
    boolean half = pool.used() * 2L > pool.total() && old;
    boolean most = step.errno() != null && slots * 4 > pool.used() * 3L;
    if (lost >= 3 || half || most) {
      step.raise(
          "K27",
          device.source(),
          List.of(Evidence.command(bounced.getFirst().step)),
          List.of(),
          device.name(),
          bounced.size(),
          lost > 0 ? Wording.FORGOTTEN.with(lost) : "",
          pool.used(),
          pool.total());
    }
  }

  /** K29: an old kernel copies back what the device did not write. */
  void released(Step step, Live mapping) {
    boolean partly = mapping.bytesWritten < mapping.size;
    boolean received = mapping.direction == DmaDirection.DMA_FROM_DEVICE;
    if (oldKernel && mapping.bounced && received && partly) {
      step.raise(
          "K29",
          mapping,
          List.of(),
          mapping.bytesWritten,
          mapping.size,
          Digits.bare(mapping.address));
    }
  }
}
