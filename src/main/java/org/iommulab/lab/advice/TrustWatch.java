package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.machine.Machine;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.Kernel;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.words.Bilingual;

/** Who is trusted with what: T03 to T05, T10 to T13. */
final class TrustWatch implements Watcher {

  private static final long GENEROUS = 64L << 20;

  private static final String TES_CLEAR = "GSTS.TES = 0";

  private final Machine machine;
  private final List<DmarStructure.Rmrr> reserved = new ArrayList<>();
  private boolean booted;
  private boolean asked;

  TrustWatch(Machine machine) {
    this.machine = machine;
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.LinuxBoot boot) {
      booted = true;
      asked = boot.cmdline().contains("intel_iommu=on");
      afterBoot(step, boot);
    }
    for (Seen.Request request : step.requests()) {
      if (request.arrived()) {
        arrived(step, request);
      }
    }
  }

  private static boolean translates(RemappingUnit unit) {
    return RegisterLayouts.GSTS.field("TES").isSet(unit.read(RegisterLayouts.GSTS.position(), 4));
  }

  private static boolean isRogue(Step step, PciDevice device) {
    return device.kind() == PciDevice.Kind.ROGUE || DmaCall.untrusted(step, device);
  }

  // ---- after the boot --------------------------------------------------------------------------

  private void afterBoot(Step step, Command.LinuxBoot boot) {
    boolean translating = machine.units().stream().anyMatch(TrustWatch::translates);
    boolean partly = boot.options().containsKey("until");
    boolean claims =
        step.kernel().map(Kernel::dmesg).orElse(List.of()).stream()
            .anyMatch(line -> line.contains("IOMMU enabled"));
    if (claims && !translating && !partly) {
      Object problem = step.result().fields().get("problem");
      step.raise(
          "T10",
          "enabled",
          List.of(Evidence.command(step.number()), Evidence.register("GSTS", 0x1C)),
          List.of(),
          new Bilingual(problem == null ? TES_CLEAR : String.valueOf(problem), TES_CLEAR));
    }
    if (translating) {
      generous(step, boot);
      groups(step);
      bridges(step);
    }
  }

  private void generous(Step step, Command.LinuxBoot boot) {
    reserved.clear();
    reserved.addAll(machine.spec().reserved());
    for (GroupView group : step.kernel().map(Kernel::groups).orElse(List.of())) {
      for (GroupView.Reserved range : group.reserved()) {
        boolean direct = range.type().startsWith("direct");
        long size = range.last() - range.start() + 1;
        boolean odd = (range.start() & 4095) != 0 || (size & 4095) != 0;
        if (direct && (size > GENEROUS || odd)) {
          step.raise(
              "T12",
              range.start(),
              List.of(Evidence.command(step.number())),
              List.of(),
              Digits.bare(range.start()),
              Digits.bare(range.last()),
              size >>> 20,
              group.devices().stream().map(step::name).collect(Collectors.joining(", ")));
        }
      }
    }
  }

  private void groups(Step step) {
    for (GroupView group : step.kernel().map(Kernel::groups).orElse(List.of())) {
      List<PciDevice> devices = new ArrayList<>();
      for (SourceId id : group.devices()) {
        step.device(id.toString()).ifPresent(devices::add);
      }
      long rogues = devices.stream().filter(device -> isRogue(step, device)).count();
      if (rogues > 0 && rogues < devices.size()) {
        step.raise(
            "T04",
            group.id(),
            List.of(Evidence.command(step.number())),
            List.of(),
            devices.stream().map(PciDevice::name).collect(Collectors.joining(", ")));
      }
    }
  }

  private void bridges(Step step) {
    for (PciBridge bridge : machine.spec().bridges()) {
      boolean port =
          bridge.kind() == PciBridge.Kind.ROOT_PORT
              || bridge.kind() == PciBridge.Kind.SWITCH_DOWNSTREAM;
      List<PciDevice> behind = behind(bridge);
      if (!port || bridge.acs() || behind.isEmpty()) {
        continue;
      }
      boolean peers = behind.size() > 1 || hasNeighbour(bridge);
      if (peers) {
        step.raise(
            "T05",
            bridge.name(),
            List.of(Evidence.command(step.number())),
            List.of(),
            bridge.name());
      }
    }
  }

  private List<PciDevice> behind(PciBridge bridge) {
    return machine.devices().stream()
        .filter(
            device ->
                device.source().segment() == bridge.source().segment()
                    && device.source().bus() >= bridge.secondary()
                    && device.source().bus() <= bridge.subordinate())
        .toList();
  }

  /** Another port beside it, so that the switch may pass requests between them. */
  private boolean hasNeighbour(PciBridge bridge) {
    return bridge.kind() == PciBridge.Kind.SWITCH_DOWNSTREAM
        && machine.spec().bridges().stream()
            .anyMatch(
                other ->
                    other != bridge
                        && other.kind() == PciBridge.Kind.SWITCH_DOWNSTREAM
                        && other.source().bus() == bridge.source().bus()
                        && !behind(other).isEmpty());
  }

  // ---- requests --------------------------------------------------------------------------------

  private void arrived(Step step, Seen.Request request) {
    SourceId source = request.access().source();
    PciDevice device = step.device(source.toString()).orElse(null);
    if (device == null) {
      return;
    }
    RemappingUnit unit = machine.unit(source).orElse(null);
    boolean others = machine.units().stream().anyMatch(TrustWatch::translates);
    if (unit == null) {
      if (others) {
        step.raise(
            "T11", source, List.of(Evidence.command(step.number())), List.of(), device.name());
      }
      return;
    }
    if (!translates(unit)) {
      if (booted && asked && isRogue(step, device)) {
        step.raise(
            "T10",
            "enabled",
            List.of(Evidence.command(step.number()), Evidence.register("GSTS", 0x1C)),
            List.of(),
            Wording.NOT_TRANSLATED.with(device.name()));
      }
      return;
    }
    if (request.access().type() == DmaAccess.AddressType.TRANSLATED) {
      translated(step, request, device);
    } else {
      passed(step, request, device, unit);
    }
  }

  /** T13: it claims a translation that it was never given. */
  private void translated(Step step, Seen.Request request, PciDevice device) {
    long address = request.address();
    boolean given =
        machine
            .deviceTlb(device.source())
            .map(
                tlb ->
                    tlb.lines().stream()
                        .map(line -> line.entry())
                        .anyMatch(
                            entry ->
                                address >= entry.output(entry.input().start())
                                    && address - entry.output(entry.input().start())
                                        < entry.input().bytes()))
            .orElse(false);
    if (!given || isRogue(step, device)) {
      step.raise(
          "T13",
          device.source(),
          List.of(Evidence.command(step.number())),
          List.of(),
          device.name(),
          Digits.bare(address));
    }
  }

  /** T03: nothing stands between it and memory. */
  private void passed(Step step, Seen.Request request, PciDevice device, RemappingUnit unit) {
    boolean same = request.chunk().physicalAddress() == request.address();
    if (!same || !isRogue(step, device)) {
      return;
    }
    var shadow = new Shadow(unit, machine.memory());
    List<Bindings> bindings = Bindings.of(shadow.browser());
    Set<String> identity =
        step.kernel().map(Kernel::domains).orElse(List.of()).stream()
            .filter(domain -> domain.type().toLowerCase(java.util.Locale.ROOT).contains("identity"))
            .flatMap(domain -> domain.devices().stream())
            .map(SourceId::toString)
            .collect(Collectors.toSet());
    boolean through =
        bindings.stream()
            .anyMatch(
                b ->
                    b.source().value() == request.access().source().value()
                        && b.type() == Bindings.Type.PASS_THROUGH);
    if (through || identity.contains(device.source().toString())) {
      step.raise(
          "T03",
          device.source(),
          List.of(Evidence.command(step.number())),
          List.of(),
          device.name());
    }
  }
}
