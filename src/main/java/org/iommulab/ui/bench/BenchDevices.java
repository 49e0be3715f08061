package org.iommulab.ui.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.DeviceView;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.TableBrowser;

/** Collects the devices of the machine and all requesters that tables or fault logs name. */
final class BenchDevices {

  private final Map<SourceId, ContextNode> contexts = new HashMap<>();
  private final Map<SourceId, Integer> faults = new HashMap<>();
  private final Map<SourceId, Integer> units = new HashMap<>();
  private final Map<SourceId, BenchFacts.Device> found = new TreeMap<>();

  private BenchDevices() {}

  static List<BenchFacts.Device> of(LabView view) {
    var devices = new BenchDevices();
    MachineView machine = view.machine().orElse(null);
    for (int i = 0; i < view.units(); i++) {
      int segment = machine == null ? segment(view, i) : machine.spec().units().get(i).segment();
      devices.read(view.ofUnit(i).tables(), i, segment);
    }
    devices.units.forEach((id, unit) -> devices.found.put(id, devices.requester(id, unit)));
    if (machine != null) {
      machine.devices().forEach(device -> devices.add(machine, device));
    }
    return List.copyOf(devices.found.values());
  }

  private static int segment(LabView view, int unit) {
    return view.evidence().map(dump -> dump.units().get(unit).segment()).orElse(0);
  }

  /** A unit sees ids of its own segment. */
  private void read(TableBrowser tables, int unit, int segment) {
    for (ContextNode context : tables.contexts()) {
      SourceId id = context.source().inSegment(segment);
      contexts.put(id, context);
      units.put(id, unit);
    }
    for (FaultNode fault : tables.faults()) {
      if (fault.pending()) {
        SourceId id = fault.source().inSegment(segment);
        faults.merge(id, 1, Integer::sum);
        units.putIfAbsent(id, unit);
      }
    }
  }

  private void add(MachineView machine, PciDevice device) {
    SourceId id = device.source();
    List<? extends UnitView> all = machine.units();
    int unit = machine.unit(id).map(all::indexOf).orElse(-1);
    SourceId alias = machine.requester(id);
    BenchFacts.Device seen = requester(contexts.containsKey(id) ? id : alias, unit);
    found.put(
        id,
        new BenchFacts.Device(
            id,
            unit,
            device.name().equals(id.toString()) ? "" : device.name(),
            abilities(device.abilities()),
            device.dmaMask() == PciDevice.MASK_32,
            seen.present(),
            seen.domain(),
            faults.getOrDefault(id, 0),
            machine.device(id).map(BenchDevices::work)));
  }

  private static BenchFacts.Work work(DeviceView device) {
    return new BenchFacts.Work(
        device.activity(),
        device.rings().stream().filter(ring -> ring.entries() > 0).toList(),
        device.counters(),
        device.lastRefusal());
  }

  private static String abilities(PciDevice.Abilities abilities) {
    var words = new StringJoiner(" ");
    if (abilities.ats()) {
      words.add("ATS");
    }
    if (abilities.pri()) {
      words.add("PRI");
    }
    if (abilities.pasidBits() > 0) {
      words.add("PASID");
    }
    return words.toString();
  }

  private BenchFacts.Device requester(SourceId id, int unit) {
    ContextNode context = contexts.get(id);
    boolean present = context != null && context.present();
    Optional<Integer> domain =
        present && context instanceof ContextNode.Legacy legacy
            ? Optional.of(legacy.domainId())
            : Optional.empty();
    return new BenchFacts.Device(
        id, unit, "", "", false, present, domain, faults.getOrDefault(id, 0), Optional.empty());
  }
}
