package org.iommulab.ui.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.linux.GroupView;
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
import org.iommulab.ui.bench.BenchNode.Warning;
import org.iommulab.ui.bench.BenchNode.Word;

/** Makes the lines of the bench from its facts: hardware, then what the kernel made of it. */
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
    var hardware = new BenchHardware(texts, facts);
    for (int i = 0; i < facts.units().size(); i++) {
      lines.add(hardware.unit(i));
    }
    if (!facts.units().isEmpty()) {
      lines.add(tree.domains());
      if (!facts.groups().isEmpty()) {
        lines.add(tree.groups());
      }
      lines.add(tree.processes());
    }
    return lines;
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

  private BenchNode groups() {
    return BenchNode.named("groups", new Heading(texts.get("bench.groups")))
        .with(facts.groups().stream().map(this::group).toList())
        .closed();
  }

  private BenchNode group(GroupView group) {
    var parts = new ArrayList<Part>();
    parts.add(new Code(Integer.toString(group.id())));
    parts.add(new Word(group.defaultType()));
    String devices = String.join(", ", group.devices().stream().map(Object::toString).toList());
    parts.add(new Aside("· " + devices));
    String owner = group.owner();
    if (owner != null) {
      parts.add(new Tag(texts.get("bench.owned"), Role.ACCENT));
    }
    var explanation = new ArrayList<String>();
    if (owner != null) {
      explanation.add(texts.get("bench.owner", owner));
    }
    for (GroupView.Reserved region : group.reserved()) {
      String range = Hex.range(region.start(), region.last());
      explanation.add(texts.get("bench.reserved", range, region.type()));
    }
    return BenchNode.named("group-" + group.id(), parts.toArray(Part[]::new))
        .explained(String.join("\n", explanation));
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

  /** An object; below it, who holds it and whether it could be destroyed. */
  private BenchNode object(String parent, IommufdObjectView object) {
    String key = parent + "-object-" + object.id();
    var below = new ArrayList<BenchNode>();
    for (int i = 0; i < object.facts().size(); i++) {
      below.add(BenchNode.named(key + "-fact-" + i, new Aside(object.facts().get(i))));
    }
    for (int i = 0; i < object.heldBy().size(); i++) {
      String held = texts.get("bench.held-by", object.heldBy().get(i));
      below.add(BenchNode.named(key + "-held-" + i, new Aside(held)));
    }
    String refusal = object.refusal();
    String destroy =
        refusal == null ? texts.get("bench.destroyable") : texts.get("bench.refusal", refusal);
    Part verdict = refusal == null ? new Aside("✓ " + destroy) : new Warning("✕ " + destroy);
    below.add(BenchNode.named(key + "-destroy", verdict).explained(destroy));
    return BenchNode.named(
            key,
            new Word(object.type()),
            new Code(Integer.toString(object.id())),
            new Aside(texts.get("bench.users", object.users())))
        .explained(destroy)
        .with(below)
        .closed();
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
    return new BenchNode(key, List.copyOf(parts), selects, -1, true, explanation, children);
  }
}
