package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.PciDevice;

/** What may be mapped, and how often: K08, K14, K15, K17, K24. */
final class BufferRules {

  private static final long DEFAULT_SEGMENT = 65_536;

  /** Three tag bits count how often a cache line is mapped. */
  private static final int MOST_OVERLAPS = 7;

  /** Mappings of one loop whose addresses nobody knows any more. */
  private static final int LOST = 64;

  private final Mappings mappings;
  private final Map<PciDevice, Long> segments = new HashMap<>();

  BufferRules(Mappings mappings) {
    this.mappings = mappings;
  }

  void setSegment(DmaCall call) {
    segments.put(call.device(), call.step().number(DEFAULT_SEGMENT, "size"));
  }

  /** K14: what is no piece of RAM of its own. */
  void source(DmaCall call) {
    long pointer = call.pointer();
    for (Live one : mappings.live()) {
      boolean coherent = one.kind == Live.Kind.COHERENT && one.cpuAddress != 0;
      if (coherent && pointer >= one.cpuAddress && pointer - one.cpuAddress < one.size) {
        raiseIllegal(call.step(), pointer, Wording.MAPPED_FOR_GOOD);
        return;
      }
    }
    long physical = DmaCall.physical(call.step(), pointer);
    if (physical < 0 || !isRam(call.step(), physical)) {
      raiseIllegal(call.step(), pointer, Wording.NO_RAM);
    }
  }

  private static boolean isRam(Step step, long physical) {
    return step.rig().machine().memory().isRam(physical & -4096L, 4096);
  }

  private static void raiseIllegal(Step step, long pointer, Wording what) {
    step.raise(
        "K14",
        pointer,
        List.of(Evidence.command(step.number())),
        List.of(Remedy.call("kmalloc", "\"size\":" + step.number(4096, "size", "len"))),
        Digits.bare(pointer),
        what.with());
  }

  /** K15: a segment that is longer than the device said. */
  void segment(DmaCall call, long length) {
    long limit = segments.getOrDefault(call.device(), DEFAULT_SEGMENT);
    String device = call.device().name();
    if (length > limit) {
      call.step()
          .raise(
              "K15",
              call.device().source(),
              List.of(Evidence.command(call.step().number())),
              List.of(
                  Remedy.call(
                      "dma_set_max_seg_size",
                      String.format(Locale.ROOT, "\"dev\":\"%s\",\"size\":%d", device, length))),
              length,
              device,
              limit);
    }
  }

  /** K08: may a device write the same bytes through another mapping as well? */
  void overlap(Step step, Live mapping) {
    if (!mapping.direction.fromDevice() || mapping.unsynced || mapping.kind == Live.Kind.RESOURCE) {
      return;
    }
    for (Live other : mappings.live()) {
      boolean writable = other.direction.fromDevice() && other.streaming() && !other.unsynced;
      boolean meets =
          mapping.pieces.stream()
              .anyMatch(p -> p.physical() >= 0 && other.lies(p.physical(), p.size()));
      if (writable && meets && mapping.streaming()) {
        step.raise(
            "K08",
            List.of(mapping.pieces.getFirst().physical()),
            List.of(Evidence.command(other.step), Evidence.command(step.number())),
            List.of(),
            Digits.bare(other.address),
            other.device.name(),
            Digits.bare(mapping.address),
            mapping.device.name());
        return;
      }
    }
  }

  /** K17: the same bytes once more, and nothing was ever released. */
  void again(Step step, Live mapping) {
    long first = mapping.pieces.getFirst().physical();
    if (first < 0) {
      return;
    }
    long same =
        mappings.live().stream()
            .filter(one -> one.direction.fromDevice() && one.streaming() && one.lies(first, 64))
            .count();
    long lost =
        mappings.live().stream()
            .filter(one -> one.device == mapping.device && one.nameLost)
            .count();
    if (same > MOST_OVERLAPS || lost >= LOST) {
      step.raise(
          "K17",
          mapping.device.source(),
          List.of(Evidence.command(mapping.step), Evidence.mapping(mapping.address)),
          List.of(),
          Math.max(same, lost),
          Digits.bare(first));
    }
  }

  /** K24: memory where registers are expected. */
  void resource(DmaCall call) {
    long physical = call.step().number(0, "phys_addr", "phys");
    if (isRam(call.step(), physical)) {
      call.step()
          .raise(
              "K24",
              physical,
              List.of(Evidence.command(call.step().number())),
              List.of(),
              Digits.bare(physical));
    }
  }
}
