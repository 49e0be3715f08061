package org.iommulab.ui.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.device.DeviceModel;
import org.iommulab.lab.machine.DmaCounters;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Texts;
import org.iommulab.ui.bench.BenchNode.Aside;
import org.iommulab.ui.bench.BenchNode.Code;
import org.iommulab.ui.bench.BenchNode.Heading;
import org.iommulab.ui.bench.BenchNode.Part;
import org.iommulab.ui.bench.BenchNode.Tag;
import org.iommulab.ui.bench.BenchNode.Word;

/** Lines for units, buses, bridges and devices. */
final class BenchHardware {

  private final Texts texts;
  private final BenchFacts facts;
  private final PciTopology topology;

  BenchHardware(Texts texts, BenchFacts facts) {
    this.texts = texts;
    this.facts = facts;
    topology = new PciTopology(facts.bridges(), List.of());
  }

  /** A unit with the devices it serves, behind their bridges. */
  BenchNode unit(int index) {
    BenchFacts.Unit unit = facts.units().get(index);
    var parts = new ArrayList<Part>();
    parts.add(new Heading("dmar" + index));
    parts.add(new Code(Hex.plain(unit.base())));
    if (facts.units().size() > 1 && index == facts.front()) {
      parts.add(new Tag(texts.get("bench.front"), Role.ACCENT));
    }
    if (!unit.on()) {
      parts.add(new Aside(texts.get("bench.off")));
    }
    var buses = new TreeMap<Integer, List<BenchNode>>();
    for (BenchFacts.Device device : facts.devices()) {
      boolean onTop = topology.bridgeAbove(device.source()).isEmpty();
      if (device.unit() == index && onTop && !isBridge(device)) {
        at(buses, device.source()).add(device(device));
      }
    }
    for (PciBridge bridge : facts.bridges()) {
      if (topology.bridgeAbove(bridge.source()).isEmpty()) {
        List<BenchNode> behind = behind(bridge, index);
        if (!behind.isEmpty()) {
          at(buses, bridge.source()).add(bridge(bridge, index, behind));
        }
      }
    }
    var children = new ArrayList<BenchNode>();
    buses.forEach((bus, lines) -> children.add(bus(unit.segment(), bus, lines)));
    return BenchNode.named("unit-" + index, parts.toArray(Part[]::new))
        .selecting(new Selected.Register(index, "GSTS"))
        .ofUnit(index)
        .with(children);
  }

  private static List<BenchNode> at(TreeMap<Integer, List<BenchNode>> buses, SourceId id) {
    return buses.computeIfAbsent(id.bus(), bus -> new ArrayList<>());
  }

  /** Devices and bridges right below a bridge that the unit serves. */
  private List<BenchNode> behind(PciBridge bridge, int unit) {
    var lines = new ArrayList<BenchNode>();
    for (BenchFacts.Device device : facts.devices()) {
      boolean here = isRightBelow(bridge, device.source());
      if (device.unit() == unit && here && !isBridge(device)) {
        lines.add(device(device));
      }
    }
    for (PciBridge inner : facts.bridges()) {
      if (isRightBelow(bridge, inner.source())) {
        List<BenchNode> behind = behind(inner, unit);
        if (!behind.isEmpty()) {
          lines.add(bridge(inner, unit, behind));
        }
      }
    }
    return lines;
  }

  /** A bridge that can send requests itself is one line, not two. */
  private boolean isBridge(BenchFacts.Device device) {
    return topology.bridge(device.source()).isPresent();
  }

  private boolean isRightBelow(PciBridge bridge, SourceId id) {
    return topology.bridgeAbove(id).filter(bridge::equals).isPresent();
  }

  private BenchNode bridge(PciBridge bridge, int unit, List<BenchNode> behind) {
    String kind = texts.get("bench.bridge." + bridge.kind().name());
    String acs = texts.get(bridge.acs() ? "bench.acs" : "bench.no-acs");
    String alias =
        bridge.kind().hidesRequesters()
            ? "\n" + texts.get("bench.alias", bridge.alias().toString())
            : "";
    var parts = new ArrayList<Part>();
    parts.add(new Word("┬"));
    parts.add(new Code(bridge.source().toString()));
    parts.add(new Word(bridge.name()));
    facts.devices().stream()
        .filter(device -> device.source().equals(bridge.source()))
        .flatMap(device -> device.domain().stream())
        .forEach(id -> parts.add(domain(id)));
    return BenchNode.named("bridge-" + bridge.source(), parts.toArray(Part[]::new))
        .selecting(new Selected.Device(bridge.source()))
        .ofUnit(unit)
        .explained(kind + "\n" + acs + alias)
        .with(behind);
  }

  private BenchNode bus(int segment, int bus, List<BenchNode> devices) {
    String number = (segment == 0 ? "" : Hex.plain(segment, 4) + ":") + Hex.plain(bus, 2);
    return BenchNode.named("bus-" + number, new Word(texts.get("bench.bus", number))).with(devices);
  }

  private static Tag domain(int id) {
    return new Tag("did " + Hex.plain(id, 2), Role.OK);
  }

  private BenchNode device(BenchFacts.Device device) {
    var parts = new ArrayList<Part>();
    parts.add(new Word(device.present() ? "◼" : "◻"));
    parts.add(new Code(device.source().toString()));
    if (!device.name().isEmpty()) {
      parts.add(new Word(device.name()));
    }
    if (device.narrow()) {
      parts.add(new Aside(texts.get("bench.narrow")));
    }
    if (!device.abilities().isEmpty()) {
      parts.add(new Aside(device.abilities()));
    }
    device.domain().ifPresent(id -> parts.add(domain(id)));
    if (device.faults() > 0) {
      parts.add(new Tag(texts.get("bench.faults", device.faults()), Role.BAD));
    }
    return BenchNode.named("device-" + device.source(), parts.toArray(Part[]::new))
        .selecting(new Selected.Device(device.source()))
        .ofUnit(device.unit())
        .with(device.work().map(work -> work("device-" + device.source(), work)).orElse(List.of()))
        .closed()
        .explained(texts.get(device.present() ? "bench.device-present" : "bench.device-absent"));
  }

  /** What a device does by itself: activity, rings, what became of its requests. */
  private List<BenchNode> work(String key, BenchFacts.Work work) {
    var lines = new ArrayList<BenchNode>();
    lines.add(BenchNode.named(key + "-activity", new Aside(work.activity())));
    for (DeviceModel.Ring ring : work.rings()) {
      lines.add(
          BenchNode.named(
                  key + "-ring-" + ring.name(),
                  new Code(ring.name()),
                  new Aside(texts.get("bench.ring", ring.head(), ring.tail(), ring.entries())))
              .explained(Hex.group(ring.base())));
    }
    DmaCounters done = work.counters();
    if (!done.equals(DmaCounters.NONE)) {
      String words =
          texts.get(
              "bench.requests",
              done.reads(),
              done.writes(),
              Hex.size(done.bytesRead() + done.bytesWritten()));
      Part failed = new Tag(texts.get("bench.failed", done.failed()), Role.BAD);
      lines.add(
          done.failed() == 0
              ? BenchNode.named(key + "-requests", new Aside(words))
              : BenchNode.named(key + "-requests", new Aside(words), failed)
                  .explained(
                      work.refusal()
                          .map(last -> texts.get("bench.refused", Hex.group(last.address())))
                          .orElse("")));
    }
    return lines;
  }
}
