package org.iommulab.linux.dma;

import java.util.Map;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** Calls about what a device can do: masks, segments, limits. */
final class DeviceCalls {

  private final DmaApi api;

  DeviceCalls(DmaApi api) {
    this.api = api;
  }

  /** Calls a function; null if it is none of these. */
  @Nullable DmaCall call(String function, CallArguments arguments) {
    return switch (function) {
      case "dma_set_mask" -> setMask(arguments, true, false);
      case "dma_set_coherent_mask" -> setMask(arguments, false, true);
      case "dma_set_mask_and_coherent" -> setMask(arguments, true, true);
      case "dma_set_seg_boundary", "dma_set_max_seg_size", "dma_set_min_align_mask" ->
          setParameter(function, arguments);
      case "dma_max_mapping_size",
          "dma_opt_mapping_size",
          "dma_get_required_mask",
          "dma_get_merge_boundary",
          "dma_addressing_limited" ->
          limit(function, arguments);
      default -> null;
    };
  }

  private DmaCall setMask(CallArguments arguments, boolean streaming, boolean forCoherent) {
    DmaDevice device = arguments.device();
    long mask = arguments.number("mask");
    if (device == null || arguments.problem() != null) {
      return DmaCall.misuse("");
    }
    Status status = streaming ? api.setMask(device, mask) : Status.OK;
    return DmaCall.of(status.failed() || !forCoherent ? status : api.setCoherentMask(device, mask));
  }

  private DmaCall setParameter(String function, CallArguments arguments) {
    DmaDevice device = arguments.device();
    long value = arguments.number("mask", "size");
    if (device == null || arguments.problem() != null) {
      return DmaCall.misuse("");
    }
    switch (function) {
      case "dma_set_seg_boundary" -> device.setSegmentBoundary(value);
      case "dma_set_max_seg_size" -> device.setMaxSegment(value);
      default -> device.setMinAlignMask(value);
    }
    return DmaCall.of(Status.OK);
  }

  private DmaCall limit(String function, CallArguments arguments) {
    DmaDevice device = arguments.device();
    if (device == null) {
      return DmaCall.misuse("");
    }
    DmaLimits limits = api.limits();
    long value =
        switch (function) {
          case "dma_max_mapping_size" -> limits.maxMappingSize(device);
          case "dma_opt_mapping_size" -> limits.optMappingSize(device);
          case "dma_get_required_mask" -> limits.requiredMask(device);
          case "dma_get_merge_boundary" -> limits.mergeBoundary(device);
          default -> limits.addressingLimited(device) ? 1 : 0;
        };
    return DmaCall.value(value, Map.of());
  }
}
