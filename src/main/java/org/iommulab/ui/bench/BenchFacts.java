package org.iommulab.ui.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.device.DeviceModel;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.SnapshotUnit;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.DmaCounters;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.lab.machine.Refusal;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.linux.KernelView;
import org.iommulab.linux.ProcessView;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;

/**
 * What stands in the laboratory at one moment.
 *
 * @param units remapping units
 * @param front index of the unit that all panes show
 * @param devices by requester id
 * @param bridges ports and bridges between them
 * @param domains by domain id
 * @param groups IOMMU groups by number
 * @param processes by pid
 * @param objects iommufd objects
 * @param booted a kernel runs
 */
record BenchFacts(
    List<Unit> units,
    int front,
    List<Device> devices,
    List<PciBridge> bridges,
    List<Domain> domains,
    List<GroupView> groups,
    List<ProcessView> processes,
    List<IommufdObjectView> objects,
    boolean booted) {

  static final BenchFacts NONE =
      new BenchFacts(
          List.of(), 0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), false);

  /**
   * A remapping unit.
   *
   * @param base physical address of its registers
   * @param segment PCI segment it serves
   * @param on it translates
   */
  record Unit(long base, int segment, boolean on) {}

  /**
   * A requester.
   *
   * @param unit index of the unit that serves it, -1 for none
   * @param name short name, or empty if there is none but the id
   * @param abilities {@code ATS}, {@code PRI}, … in order; empty for none
   * @param narrow it cannot address more than 4 GiB
   * @param present it has a present context entry
   * @param domain its domain id, if it is translated in legacy mode
   * @param faults recorded and not cleared
   * @param work what it does by itself, if it can
   */
  record Device(
      SourceId source,
      int unit,
      String name,
      String abilities,
      boolean narrow,
      boolean present,
      Optional<Integer> domain,
      int faults,
      Optional<Work> work) {}

  /**
   * What a device does by itself.
   *
   * @param activity in a few words
   * @param rings its rings and queues that are set up
   * @param counters what became of its requests
   * @param refusal the latest that did not get through
   */
  record Work(
      String activity,
      List<DeviceModel.Ring> rings,
      DmaCounters counters,
      Optional<Refusal> refusal) {}

  /**
   * A domain as the unit knows it.
   *
   * @param id domain id in context entries and caches
   * @param what what the kernel uses it for, or empty
   * @param devices requesters it translates
   */
  record Domain(int id, String what, List<SourceId> devices) {}

  /** Looks at a laboratory. */
  static BenchFacts of(LabView view) {
    Optional<? extends KernelView> kernel = view.kernel();
    return new BenchFacts(
        units(view),
        front(view),
        BenchDevices.of(view),
        view.machine().map(machine -> machine.spec().bridges()).orElse(List.of()),
        domains(view, kernel),
        kernel.map(KernelView::groups).orElse(List.of()),
        kernel.map(KernelView::processes).orElse(List.of()),
        kernel.map(KernelView::iommufdObjects).orElse(List.of()),
        kernel.isPresent());
  }

  private static List<Unit> units(LabView view) {
    MachineView machine = view.machine().orElse(null);
    var units = new ArrayList<Unit>();
    if (machine == null) {
      List<SnapshotUnit> dumped = view.evidence().map(Snapshot::units).orElse(List.of());
      for (int i = 0; i < dumped.size(); i++) {
        SnapshotUnit unit = dumped.get(i);
        boolean on = view.ofUnit(i).tables().translationEnabled();
        units.add(new Unit(unit.base().orElse(MachineSpec.MMIO_BASE), unit.segment(), on));
      }
      return units;
    }
    for (int i = 0; i < machine.units().size(); i++) {
      var placement = machine.spec().units().get(i);
      boolean on = view.ofUnit(i).tables().translationEnabled();
      units.add(new Unit(placement.base(), placement.segment(), on));
    }
    return units;
  }

  private static boolean isServed(LabView view, SourceId id) {
    return view.machine().flatMap(machine -> machine.unit(id)).equals(view.unit());
  }

  private static int front(LabView view) {
    return view.machine()
        .flatMap(machine -> view.unit().map(unit -> machine.units().indexOf(unit)))
        .or(() -> view.evidence().map(Snapshot::front))
        .orElse(0);
  }

  /** Domain ids mean something on one unit only: that in front. */
  private static List<Domain> domains(LabView view, Optional<? extends KernelView> kernel) {
    var owners = new HashMap<Integer, String>();
    var users = new TreeMap<Integer, List<SourceId>>();
    String unit = "dmar" + front(view);
    for (DomainView domain : kernel.map(KernelView::domains).orElse(List.of())) {
      for (var attachment : domain.attachments()) {
        if (attachment.unit().equals(unit)) {
          owners.put(attachment.domainId(), domain.owner());
          users.put(
              attachment.domainId(),
              domain.devices().stream()
                  .filter(id -> isServed(view, id))
                  .collect(Collectors.toCollection(ArrayList::new)));
        }
      }
    }
    TableBrowser tables = view.tables();
    for (TableUse use : tables.uses()) {
      List<SourceId> known = users.computeIfAbsent(use.domainId(), id -> new ArrayList<>());
      if (!known.contains(use.source())) {
        known.add(use.source());
      }
    }
    var domains = new ArrayList<Domain>();
    users.forEach(
        (id, devices) -> {
          devices.sort(Comparator.naturalOrder());
          domains.add(new Domain(id, owners.getOrDefault(id, ""), List.copyOf(devices)));
        });
    return domains;
  }
}
