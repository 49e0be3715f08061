package org.iommulab.ui.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.linux.ProcessView;
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

/** Makes the lines of the bench from its facts. */
final class BenchTree {

  private final Texts texts;
  private final BenchFacts facts;

  private BenchTree(Texts texts, BenchFacts facts) {
    this.texts = texts;
    this.facts = facts;
  }

  /** The top lines: units, domains, processes. */
  static List<BenchNode> lines(BenchFacts facts, Texts texts) {
    var tree = new BenchTree(texts, facts);
    var lines = new ArrayList<BenchNode>();
    for (int i = 0; i < facts.units().size(); i++) {
      lines.add(tree.unit(i));
    }
    if (!facts.units().isEmpty()) {
      lines.add(tree.domains());
      lines.add(tree.processes());
    }
    return lines;
  }

  private BenchNode unit(int index) {
    var buses = new TreeMap<Integer, List<BenchNode>>();
    if (index == facts.units().size() - 1) {
      for (BenchFacts.Device device : facts.devices()) {
        buses.computeIfAbsent(device.source().bus(), bus -> new ArrayList<>()).add(device(device));
      }
    }
    var children = new ArrayList<BenchNode>();
    buses.forEach((bus, devices) -> children.add(bus(bus, devices)));
    return line(
        "unit-" + index,
        List.of(new Heading("dmar" + index), new Code(Hex.plain(facts.units().get(index)))),
        Optional.of(new Selected.Register(index, "GSTS")),
        "",
        children);
  }

  private BenchNode bus(int bus, List<BenchNode> devices) {
    String number = Hex.plain(bus, 2);
    return line(
        "bus-" + number,
        List.of(new Word(texts.get("bench.bus", number))),
        Optional.empty(),
        "",
        devices);
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
    device.domain().ifPresent(id -> parts.add(new Tag("did " + Hex.plain(id, 2), Role.OK)));
    if (device.faults() > 0) {
      parts.add(new Tag(texts.get("bench.faults", device.faults()), Role.BAD));
    }
    return line(
        "device-" + device.source(),
        parts,
        Optional.of(new Selected.Device(device.source())),
        texts.get(device.present() ? "bench.device-present" : "bench.device-absent"),
        List.of());
  }

  private BenchNode domains() {
    List<BenchNode> children = facts.domains().stream().map(this::domain).toList();
    return line(
        "domains",
        List.of(new Heading(texts.get("bench.domains"))),
        Optional.empty(),
        "",
        children.isEmpty() ? List.of(none("domains-none", "bench.no-domains")) : children);
  }

  private BenchNode domain(BenchFacts.Domain domain) {
    var parts = new ArrayList<Part>();
    parts.add(new Code(Hex.plain(domain.id(), 2)));
    if (!domain.what().isEmpty()) {
      parts.add(new Word(domain.what()));
    }
    String devices = String.join(", ", domain.devices().stream().map(Object::toString).toList());
    if (!devices.isEmpty()) {
      parts.add(new Aside("· " + devices));
    }
    return line(
        "domain-" + domain.id(),
        parts,
        Optional.of(new Selected.Domain(domain.id())),
        "",
        List.of());
  }

  private BenchNode processes() {
    List<BenchNode> children = facts.processes().stream().map(this::process).toList();
    String none = facts.booted() ? "bench.no-processes" : "bench.no-kernel";
    return line(
        "processes",
        List.of(new Heading(texts.get("bench.processes"))),
        Optional.empty(),
        "",
        children.isEmpty() ? List.of(none("processes-none", none)) : children);
  }

  private BenchNode process(ProcessView process) {
    String key = "process-" + process.pid();
    var children = new ArrayList<BenchNode>();
    for (ProcessView.File file : process.files()) {
      children.add(file(key, process.pid(), file));
    }
    for (ProcessView.Area area : process.areas()) {
      children.add(
          line(
              key + "-area-" + Hex.plain(area.start()),
              List.of(new Word(area.kind()), new Aside(Hex.size(area.length()))),
              Optional.empty(),
              Hex.range(area.start(), area.start() + area.length() - 1),
              List.of()));
    }
    var parts = new ArrayList<Part>();
    parts.add(new Word(process.name()));
    parts.add(new Aside(Integer.toString(process.pid())));
    if (process.pinnedPages() > 0) {
      parts.add(new Aside("· " + texts.get("bench.pinned", process.pinnedPages())));
    }
    return line(key, parts, Optional.empty(), "", children);
  }

  private BenchNode file(String parent, int pid, ProcessView.File file) {
    String key = parent + "-fd-" + file.fd();
    List<BenchNode> objects =
        facts.objects().stream()
            .filter(object -> object.pid() == pid && object.fd() == file.fd())
            .map(object -> object(key, object))
            .toList();
    return line(
        key,
        List.of(new Word("fd " + file.fd()), new Code(file.path())),
        Optional.empty(),
        "",
        objects);
  }

  private BenchNode object(String parent, IommufdObjectView object) {
    var explanation = new ArrayList<String>();
    explanation.addAll(object.facts());
    if (!object.heldBy().isEmpty()) {
      explanation.add(texts.get("bench.held-by", String.join(", ", object.heldBy())));
    }
    String refusal = object.refusal();
    explanation.add(
        refusal == null ? texts.get("bench.destroyable") : texts.get("bench.refusal", refusal));
    return line(
        parent + "-object-" + object.id(),
        List.of(
            new Word(object.type()),
            new Code(Integer.toString(object.id())),
            new Aside(texts.get("bench.users", object.users()))),
        Optional.empty(),
        String.join("\n", explanation),
        List.of());
  }

  private BenchNode none(String key, String textKey) {
    return line(key, List.of(new Aside(texts.get(textKey))), Optional.empty(), "", List.of());
  }

  private static BenchNode line(
      String key,
      List<Part> parts,
      Optional<Selected> selects,
      String explanation,
      List<BenchNode> children) {
    return new BenchNode(key, List.copyOf(parts), selects, explanation, List.copyOf(children));
  }
}
