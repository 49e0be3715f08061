package org.iommulab.lab.run.call;

import java.util.List;
import org.iommulab.lab.language.Field;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.uapi.Status;

/** Functions about what a device can do: masks, segments, limits. */
final class DeviceFunctions {

  private static final Parameter DEVICE = Parameter.of(Field.device("dev"));
  private static final Parameter MASK = Parameter.of(Field.expression("mask").needed(), "size");
  private static final Parameter SIZE = Parameter.of(Field.expression("size").needed(), "mask");

  private DeviceFunctions() {}

  /** Says what a driver has found out about its device. */
  private interface Setter {
    Status set(DmaApi api, DmaDevice device, long value);
  }

  /** Answers what a driver may ask about its device. */
  private interface Getter {
    long get(DmaApi api, DmaDevice device);
  }

  static List<Function> all() {
    return List.of(
        setter("dma_set_mask", "Says how far the device's addresses reach.", MASK, DmaApi::setMask),
        setter(
            "dma_set_coherent_mask",
            "The same for memory that is shared.",
            MASK,
            DmaApi::setCoherentMask),
        setter("dma_set_mask_and_coherent", "Both at once.", MASK, DeviceFunctions::setBoth),
        setter(
            "dma_set_seg_boundary",
            "Says what addresses no segment may cross.",
            MASK,
            (api, device, value) -> {
              device.setSegmentBoundary(value);
              return Status.OK;
            }),
        setter(
            "dma_set_max_seg_size",
            "Says how long a segment may be.",
            SIZE,
            (api, device, value) -> {
              device.setMaxSegment(value);
              return Status.OK;
            }),
        setter(
            "dma_set_min_align_mask",
            "Says which low bits of addresses must stay.",
            MASK,
            (api, device, value) -> {
              device.setMinAlignMask(value);
              return Status.OK;
            }),
        getter(
            "dma_max_mapping_size",
            "The longest mapping.",
            (api, device) -> api.limits().maxMappingSize(device)),
        getter(
            "dma_opt_mapping_size",
            "The longest mapping that is cheap.",
            (api, device) -> api.limits().optMappingSize(device)),
        getter(
            "dma_get_required_mask",
            "The mask with which all memory is reached.",
            (api, device) -> api.limits().requiredMask(device)),
        getter(
            "dma_get_merge_boundary",
            "Where segments can be joined.",
            (api, device) -> api.limits().mergeBoundary(device)),
        getter(
            "dma_addressing_limited",
            "Tells whether the device does not reach all memory.",
            (api, device) -> api.limits().addressingLimited(device) ? 1 : 0));
  }

  private static Status setBoth(DmaApi api, DmaDevice device, long mask) {
    Status status = api.setMask(device, mask);
    return status.failed() ? status : api.setCoherentMask(device, mask);
  }

  private static Function setter(String name, String does, Parameter value, Setter setter) {
    return Function.of(
        name,
        does,
        (scope, arguments) -> {
          DmaDevice device = scope.dmaDevice(arguments);
          long number = arguments.number(value.field().name());
          return () -> Outcome.of(setter.set(scope.dma(), device, number));
        },
        DEVICE,
        value);
  }

  private static Function getter(String name, String does, Getter getter) {
    return Function.of(
        name,
        does,
        (scope, arguments) -> {
          DmaDevice device = scope.dmaDevice(arguments);
          return () -> Outcome.value(getter.get(scope.dma(), device));
        },
        DEVICE);
  }
}
