package org.iommulab.ui;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.iommulab.bits.Layout;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.IrteNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;

/** The structure in memory behind a selection; runs on the laboratory's thread. */
public final class SelectedEntry {

  private final LabView view;
  private final TableBrowser tables;

  private SelectedEntry(LabView view) {
    this.view = view;
    this.tables = view.tables();
  }

  /**
   * The entry that is selected, that translates a selected address, that belongs to a selected
   * device, or that a selected cache line should agree with.
   */
  public static Optional<Selected.Entry> of(Selected selected, LabView view) {
    return new SelectedEntry(view).find(selected);
  }

  private Optional<Selected.Entry> find(Selected selected) {
    return switch (selected) {
      case Selected.Entry entry -> Optional.of(entry);
      case Selected.Address address ->
          DomainTree.of(tables, address.source(), Pasid.NONE)
              .flatMap(use -> leaf(use, address.iova()));
      case Selected.DomainAddress address ->
          DomainTree.of(tables, address.domain()).flatMap(use -> leaf(use, address.iova()));
      case Selected.Device device ->
          tables.contexts().stream()
              .filter(context -> context.source().equals(device.source()))
              .findFirst()
              .map(SelectedEntry::context);
      case Selected.Cached cached -> cached(cached);
      default -> Optional.empty();
    };
  }

  private Optional<Selected.Entry> cached(Selected.Cached selected) {
    return view.unit()
        .flatMap(
            unit ->
                Arrays.stream(CacheLine.Cache.values())
                    .filter(cache -> cache.name().equalsIgnoreCase(selected.cache()))
                    .flatMap(cache -> unit.lines(cache).stream())
                    .filter(line -> line.set() == selected.set() && line.way() == selected.way())
                    .findFirst())
        .flatMap(this::behind);
  }

  private Optional<Selected.Entry> behind(CacheLine line) {
    return switch (line.cache()) {
      case CONTEXT -> find(new Selected.Device(new SourceId(line.source())));
      case PASID ->
          tables.pasids().stream()
              .filter(pasid -> pasid.source().value() == line.source())
              .filter(pasid -> pasid.pasid().value() == line.pasid())
              .findFirst()
              .map(SelectedEntry::pasid);
      case INTERRUPT_ENTRY ->
          tables.irtes().stream()
              .filter(irte -> irte.index() == line.page())
              .findFirst()
              .map(SelectedEntry::interrupt);
      case IOTLB, PAGING_STRUCTURE ->
          DomainTree.of(tables, line.domain()).flatMap(tree -> leaf(tree, line.page()));
    };
  }

  private static Selected.Entry pasid(PasidNode pasid) {
    return new Selected.Entry(
        pasid.address(), PasidEntry.LAYOUT, "PASID [" + Hex.plain(pasid.pasid().value()) + "]");
  }

  private static Selected.Entry interrupt(IrteNode irte) {
    Layout layout = Irte.IM.isSet(irte.lo()) ? Irte.POSTED : Irte.REMAPPED;
    return new Selected.Entry(irte.address(), layout, "IRTE [" + Hex.plain(irte.index()) + "]");
  }

  private Optional<Selected.Entry> leaf(DomainTree use, long iova) {
    List<TableRow> path = use.open(tables).path(iova);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    TableRow last = path.getLast();
    Layout layout = EntryLayout.of(use.key().stage(), last.level(), last.raw());
    String title = EntryPlace.of(tables, last.entryAddress()).map(EntryPlace::title).orElse("");
    return Optional.of(new Selected.Entry(last.entryAddress(), layout, title));
  }

  private static Selected.Entry context(ContextNode context) {
    Layout layout =
        switch (context) {
          case ContextNode.Legacy _ -> ContextEntry.LAYOUT;
          case ContextNode.Scalable _ -> ScalableContextEntry.LAYOUT;
        };
    String title = "ctx [" + Hex.plain(context.source().devfn(), 2) + "]";
    return new Selected.Entry(context.address(), layout, title);
  }
}
