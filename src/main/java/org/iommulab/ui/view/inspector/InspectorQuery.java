package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bits.Layout;
import org.iommulab.lab.LabView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Selected;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.ui.view.lookup.TableUse;
import org.iommulab.ui.view.lookup.Tables;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/** Finds the structure behind a selection; runs on the laboratory's thread. */
final class InspectorQuery {

  private final LabView view;
  private final TableBrowser tables;

  private InspectorQuery(LabView view) {
    this.view = view;
    this.tables = Tables.of(view);
  }

  /** The structure, or null if the selection has no bits. */
  static @Nullable Inspected answer(Selected selected, LabView view) {
    return new InspectorQuery(view).find(selected).orElse(null);
  }

  private Optional<Inspected> find(Selected selected) {
    return switch (selected) {
      case Selected.Entry entry -> Optional.of(entry(entry));
      case Selected.Address address ->
          TableUse.of(tables, address.source()).flatMap(use -> leaf(use, address.iova()));
      case Selected.DomainAddress address ->
          TableUse.of(tables, address.domain()).flatMap(use -> leaf(use, address.iova()));
      case Selected.Device device ->
          tables.contexts().stream()
              .filter(context -> context.source().equals(device.source()))
              .findFirst()
              .map(this::context);
      default -> Optional.empty();
    };
  }

  private Optional<Inspected> leaf(TableUse use, long iova) {
    List<TableRow> path = tables.table(use.key()).path(iova);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    TableRow last = path.getLast();
    Layout layout = EntryLayout.of(use.key().stage(), last.level(), last.raw());
    String title = EntryPlace.of(tables, last.entryAddress()).map(EntryPlace::title).orElse("");
    return Optional.of(entry(new Selected.Entry(last.entryAddress(), layout, title)));
  }

  private Inspected context(ContextNode context) {
    Layout layout =
        switch (context) {
          case ContextNode.Legacy _ -> ContextEntry.LAYOUT;
          case ContextNode.Scalable _ -> ScalableContextEntry.LAYOUT;
        };
    String title = "ctx [" + Hex.plain(context.source().devfn(), 2) + "]";
    return entry(new Selected.Entry(context.address(), layout, title));
  }

  private Inspected entry(Selected.Entry entry) {
    Optional<EntryPlace> place = EntryPlace.of(tables, entry.address());
    PhysicalMemory memory = view.memory();
    // A paging entry may have become a page, or a table, since it was selected.
    Layout layout =
        place
            .map(
                at ->
                    EntryLayout.of(
                        at.key().stage(), at.table().level(), memory.readQword(entry.address())))
            .orElse(entry.layout());
    var quadwords = new ArrayList<Long>();
    for (int i = 0; i < layout.quadwords(); i++) {
      quadwords.add(memory.readQword(entry.address() + i * 8L));
    }
    return new Inspected(
        place.map(EntryPlace::title).orElse(entry.title()),
        Phrase.of("view.inspector.at", layout.name(), Hex.group(entry.address())),
        layout,
        quadwords,
        Tables.features(view),
        view.isLive()
            ? new Inspected.InMemory(entry.address())
            : new Inspected.Fixed(Phrase.of("view.inspector.evidence")),
        explain(entry.address(), layout, quadwords, place),
        place.map(this::frame).orElse(-1L));
  }

  private long frame(EntryPlace place) {
    TableRow row = tables.table(place.key()).row(place.table(), place.index());
    return row.kind() == TableRow.Kind.LEAF ? row.target() : -1;
  }

  private List<Phrase> explain(
      long address, Layout layout, List<Long> quadwords, Optional<EntryPlace> place) {
    var said = new ArrayList<Phrase>();
    place.ifPresent(
        at ->
            said.addAll(
                Explanation.ofPaging(at, tables.table(at.key()).row(at.table(), at.index()))));
    if (layout == ContextEntry.LAYOUT) {
      tables.contexts().stream()
          .filter(context -> context.address() == address)
          .findFirst()
          .ifPresent(context -> said.addAll(Explanation.ofContext(context)));
    } else if (layout == RootEntry.LEGACY) {
      said.addAll(Explanation.ofRoot(quadwords.getFirst()));
    }
    said.addAll(Explanation.ofLastCommand(address, layout.quadwords(), view));
    return said;
  }
}
