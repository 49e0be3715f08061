package org.iommulab.ui.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.ProcessView;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;

/**
 * What stands in the laboratory at one moment.
 *
 * @param units register base of each unit
 * @param devices by requester id
 * @param domains by domain id
 * @param processes by pid
 * @param objects iommufd objects
 * @param booted a kernel runs
 */
record BenchFacts(
    List<Long> units,
    List<Device> devices,
    List<Domain> domains,
    List<ProcessView> processes,
    List<IommufdObjectView> objects,
    boolean booted) {

  static final BenchFacts NONE =
      new BenchFacts(List.of(), List.of(), List.of(), List.of(), List.of(), false);

  /**
   * A requester.
   *
   * @param name short name, or empty if there is none but the id
   * @param narrow it cannot address more than 4 GiB
   * @param present it has a present context entry
   * @param domain its domain id, if it is translated in legacy mode
   * @param faults recorded and not cleared
   */
  record Device(
      SourceId source,
      String name,
      boolean narrow,
      boolean present,
      Optional<Integer> domain,
      int faults) {}

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
    TableBrowser tables = view.tables();
    Optional<Kernel> kernel = view.kernel();
    return new BenchFacts(
        view.machine()
            .map(machine -> machine.spec().units().stream().map(unit -> unit.base()).toList())
            .orElseGet(() -> List.of(evidenceBase(view))),
        devices(view, tables),
        domains(tables, kernel),
        kernel.map(Kernel::processes).orElse(List.of()),
        kernel.map(Kernel::iommufdObjects).orElse(List.of()),
        kernel.isPresent());
  }

  private static long evidenceBase(LabView view) {
    return view.evidence().flatMap(e -> e.registerBase()).orElse(MachineSpec.MMIO_BASE);
  }

  private static List<Device> devices(LabView view, TableBrowser tables) {
    var contexts = new HashMap<SourceId, ContextNode>();
    tables.contexts().forEach(context -> contexts.put(context.source(), context));
    var faults = new HashMap<SourceId, Integer>();
    tables.faults().stream()
        .filter(FaultNode::pending)
        .forEach(fault -> faults.merge(fault.source(), 1, Integer::sum));
    var found = new TreeMap<SourceId, Device>();
    contexts.keySet().forEach(id -> found.put(id, device(id, "", false, contexts, faults)));
    faults.keySet().forEach(id -> found.put(id, device(id, "", false, contexts, faults)));
    view.machine()
        .ifPresent(
            machine -> {
              for (PciDevice each : machine.devices()) {
                SourceId id = each.source();
                String name = each.name().equals(id.toString()) ? "" : each.name();
                boolean narrow = each.dmaMask() == PciDevice.MASK_32;
                found.put(id, device(id, name, narrow, contexts, faults));
              }
            });
    return List.copyOf(found.values());
  }

  private static Device device(
      SourceId id,
      String name,
      boolean narrow,
      Map<SourceId, ContextNode> contexts,
      Map<SourceId, Integer> faults) {
    ContextNode context = contexts.get(id);
    boolean present = context != null && context.present();
    Optional<Integer> domain =
        present && context instanceof ContextNode.Legacy legacy
            ? Optional.of(legacy.domainId())
            : Optional.empty();
    return new Device(id, name, narrow, present, domain, faults.getOrDefault(id, 0));
  }

  private static List<Domain> domains(TableBrowser tables, Optional<Kernel> kernel) {
    var owners = new HashMap<Integer, String>();
    var users = new TreeMap<Integer, List<SourceId>>();
    for (DomainView view : kernel.map(Kernel::domains).orElse(List.of())) {
      for (var attachment : view.attachments()) {
        owners.put(attachment.domainId(), view.owner());
        users.put(attachment.domainId(), new ArrayList<>(view.devices()));
      }
    }
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
