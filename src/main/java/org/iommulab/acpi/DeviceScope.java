package org.iommulab.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;

/**
 * A device-scope entry of a DMAR structure.
 *
 * @param type 1 to 5, see {@link Type}; other numbers are kept
 * @param flags as of revision 4.0 of the specification; 0 before
 * @param enumerationId id of an I/O APIC, HPET or namespace device
 * @param startBus where the path begins
 * @param path from the start bus down to the device
 */
public record DeviceScope(int type, int flags, int enumerationId, int startBus, List<Step> path) {

  /** Endpoint. */
  public static final int ENDPOINT = 1;

  /** Bridge together with everything below it. */
  public static final int SUB_HIERARCHY = 2;

  /** I/O APIC. */
  public static final int IO_APIC = 3;

  /** HPET timer block. */
  public static final int HPET = 4;

  /** ACPI namespace device. */
  public static final int NAMESPACE = 5;

  /**
   * One step of a path.
   *
   * @param device 0 to 31
   * @param function 0 to 7
   */
  public record Step(int device, int function) {

    /** {@code dd.f}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%02x.%d", device, function);
    }
  }

  public DeviceScope {
    path = List.copyOf(path);
  }

  /** A scope with one step. */
  public static DeviceScope of(int type, int enumerationId, SourceId device) {
    return new DeviceScope(
        type,
        0,
        enumerationId,
        device.bus(),
        List.of(new Step(device.device(), device.function())));
  }

  /** The scope of a function or bridge of a machine: its path starts on the root bus. */
  public static DeviceScope to(int type, int enumerationId, SourceId function, PciTopology where) {
    var path = new ArrayList<Step>();
    int startBus = function.bus();
    for (PciBridge bridge : where.pathToRoot(function).reversed()) {
      startBus = path.isEmpty() ? bridge.source().bus() : startBus;
      path.add(new Step(bridge.source().device(), bridge.source().function()));
    }
    path.add(new Step(function.device(), function.function()));
    return new DeviceScope(type, 0, enumerationId, startBus, path);
  }

  /** Name of the type. */
  public String typeName() {
    return switch (type) {
      case ENDPOINT -> "pci-endpoint";
      case SUB_HIERARCHY -> "pci-subhierarchy";
      case IO_APIC -> "ioapic";
      case HPET -> "hpet";
      case NAMESPACE -> "acpi-namespace";
      default -> "unknown-" + type;
    };
  }

  /** Bytes it occupies in the table. */
  public int length() {
    return 6 + 2 * path.size();
  }

  /**
   * The requester id if the path has one step; longer ones need the bridges' bus numbers, see
   * {@link #source(java.util.function.UnaryOperator)}.
   */
  public SourceId firstStep() {
    Step step = path.getFirst();
    return SourceId.of(startBus, step.device() & 31, step.function() & 7);
  }

  /**
   * Follows the path through bridges.
   *
   * @param secondaryBus gives for a bridge the id of device 0 on its secondary bus
   */
  public SourceId source(java.util.function.UnaryOperator<SourceId> secondaryBus) {
    int bus = startBus;
    for (int i = 0; ; i++) {
      Step step = path.get(i);
      SourceId here = SourceId.of(bus, step.device() & 31, step.function() & 7);
      if (i == path.size() - 1) {
        return here;
      }
      bus = secondaryBus.apply(here).bus();
    }
  }

  /** What the path leads to on a machine; empty if it goes through a bridge that is not there. */
  public Optional<SourceId> target(int segment, PciTopology where) {
    int bus = startBus;
    for (Step step : path.subList(0, Math.max(0, path.size() - 1))) {
      var at = SourceId.of(bus, step.device() & 31, step.function() & 7).inSegment(segment);
      Optional<PciBridge> bridge = where.bridge(at);
      if (bridge.isEmpty()) {
        return Optional.empty();
      }
      bus = bridge.get().secondary();
    }
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Step last = path.getLast();
    return Optional.of(
        SourceId.of(bus, last.device() & 31, last.function() & 7).inSegment(segment));
  }

  /** Tells whether it is about PCI devices, not about interrupt sources or ACPI devices. */
  public boolean isPci() {
    return type == ENDPOINT || type == SUB_HIERARCHY;
  }

  /** {@code ff:00.0} or {@code 00:1c.0/00.0}. */
  public String pathText() {
    var text = new StringBuilder(String.format(Locale.ROOT, "%02x:", startBus));
    for (int i = 0; i < path.size(); i++) {
      text.append(i == 0 ? "" : "/").append(path.get(i));
    }
    return text.toString();
  }
}
