package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.PciDevice;

/** Whether results of map calls are tested before they are used: K12, K13. */
final class ErrorRules {

  /** A map call that failed, and that nobody has asked about. */
  private record Failed(PciDevice device, int step, String errno) {}

  private final List<Failed> failed = new ArrayList<>();

  void clear() {
    failed.clear();
  }

  void mapFailed(DmaCall call) {
    Step step = call.step();
    failed.add(new Failed(call.device(), step.number(), String.valueOf(step.errno())));
  }

  /** The device has an address that works. */
  void mapped(PciDevice device) {
    failed.removeIf(one -> one.device() == device);
  }

  /** {@code dma_mapping_error()} was asked. */
  void asked(Step step, Mappings mappings) {
    long address = step.number(0, "dma_addr", "addr", "dma_handle");
    mappings.live().stream()
        .filter(one -> one.address == address)
        .forEach(one -> one.checked = true);
    step.device(step.args().getOrDefault("dev", "")).ifPresent(this::mapped);
  }

  /** K12: the address is used, or given back, and nobody asked whether it is one. */
  void used(Step step, Live mapping) {
    if (mapping.checked || mapping.kind == Live.Kind.LIST || !mapping.streaming()) {
      return;
    }
    step.raise(
        "K12",
        List.of(mapping.device.source(), mapping.name),
        List.of(Evidence.command(mapping.step), Evidence.mapping(mapping.address)),
        List.of(ask(mapping.device, mapping.address)),
        Digits.bare(mapping.address));
    mapping.checked = true;
  }

  /** K13: the device is set to work although its map call failed. */
  void working(Step step, PciDevice device) {
    for (Failed one : List.copyOf(failed)) {
      if (one.device() == device) {
        step.raise(
            "K13",
            one.step(),
            List.of(Evidence.command(one.step()), Evidence.command(step.number())),
            List.of(ask(device, -1)),
            device.name(),
            one.step(),
            one.errno());
        failed.remove(one);
      }
    }
  }

  private static String ask(PciDevice device, long address) {
    return Remedy.call(
        "dma_mapping_error",
        Remedy.device(device) + ",\"dma_addr\":\"" + Digits.of(address) + "\"");
  }
}
