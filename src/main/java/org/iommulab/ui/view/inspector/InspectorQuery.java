package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.iommulab.bits.Layout;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Selected;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.ui.view.lookup.UnitFacts;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.IrteNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/** Finds the structure behind a selection; runs on the laboratory's thread. */
final class InspectorQuery {

  /** Changes looked at for a first suggestion. */
  private static final int MOST_CHANGES = 8;

  private final LabView view;
  private final TableBrowser tables;

  private InspectorQuery(LabView view) {
    this.view = view;
    this.tables = view.tables();
  }

  /** The structure, or null if the selection has no bits. */
  static @Nullable Inspected answer(Selected selected, LabView view) {
    return new InspectorQuery(view).find(selected).orElse(null);
  }

  private Optional<Inspected> find(Selected selected) {
    return switch (selected) {
      case Selected.Entry entry -> Optional.of(entry(entry));
      case Selected.Address address ->
          DomainTree.of(tables, address.source()).flatMap(use -> leaf(use, address.iova()));
      case Selected.DomainAddress address ->
          DomainTree.of(tables, address.domain()).flatMap(use -> leaf(use, address.iova()));
      case Selected.Device device ->
          tables.contexts().stream()
              .filter(context -> context.source().equals(device.source()))
              .findFirst()
              .map(this::context);
      case Selected.Register register -> register(register.name());
      case Selected.Fault fault -> fault(fault.index());
      case Selected.Cached cached -> cached(cached);
      case Selected.Nothing _ -> suggestion();
      default -> Optional.empty();
    };
  }

  /**
   * What is worth a look before anything was chosen: the last table entry that the last request
   * read, else the first that the last command changed, else the unit's state.
   */
  private Optional<Inspected> suggestion() {
    return view.lastPath()
        .flatMap(InspectorQuery::lastRead)
        .or(this::firstChanged)
        .map(this::entry)
        .or(() -> register("GSTS"));
  }

  private static Optional<Selected.Entry> lastRead(WalkPath path) {
    return path.steps().stream()
        .filter(step -> step.address() >= 0)
        .flatMap(
            step ->
                Stream.ofNullable(step.layout())
                    .map(layout -> new Selected.Entry(step.address(), layout, step.title())))
        .reduce((earlier, later) -> later);
  }

  private Optional<Selected.Entry> firstChanged() {
    return view.lastChanges().stream()
        .limit(MOST_CHANGES)
        .flatMap(
            change ->
                EntryPlace.of(tables, change.address()).stream()
                    .map(
                        place ->
                            new Selected.Entry(
                                change.address(),
                                EntryLayout.of(
                                    place.key().stage(), place.table().level(), change.after()),
                                place.title())))
        .findFirst();
  }

  private Optional<Inspected> register(String name) {
    RegisterValues values = tables.registers();
    return RegisterLayouts.withOptional().stream()
        .filter(register -> register.name().equals(name))
        .findFirst()
        .map(register -> register(register, values));
  }

  private Inspected register(Register register, RegisterValues values) {
    int offset = register.offset(values.cap(), values.ecap());
    var quadwords = new ArrayList<Long>();
    for (int at = 0; at < register.bytes(); at += 8) {
      quadwords.add(values.read(offset + at, Math.min(8, register.bytes())));
    }
    boolean writable = register.access() != Register.Access.READ_ONLY && register.bytes() <= 8;
    Inspected.Place place =
        !view.isLive()
            ? new Inspected.Fixed(Phrase.of("view.inspector.evidence"))
            : writable
                ? new Inspected.InRegister(offset, register.bytes())
                : new Inspected.Fixed(Phrase.of("view.inspector.readOnly"));
    return new Inspected(
        register.name(),
        Phrase.of("view.inspector.register", Hex.plain(offset, 3), register.access().text()),
        register.layout(),
        quadwords,
        UnitFacts.features(view),
        place,
        List.of(Phrase.of("view.explain.access." + register.access().name())),
        -1);
  }

  private Optional<Inspected> fault(int index) {
    return tables.faults().stream()
        .filter(record -> record.index() == index)
        .findFirst()
        .map(
            record ->
                new Inspected(
                    "FRCD [" + index + "]",
                    Phrase.of("view.inspector.fault", index),
                    FaultRecord.LAYOUT,
                    List.of(record.lo(), record.hi()),
                    UnitFacts.features(view),
                    new Inspected.Fixed(Phrase.of("view.inspector.readOnly")),
                    Explanation.ofFault(record),
                    -1));
  }

  /** A cached line is explained by the entry that it should agree with. */
  private Optional<Inspected> cached(Selected.Cached selected) {
    return view.unit()
        .flatMap(
            unit ->
                Stream.of(
                        unit.iotlb(),
                        unit.contextCache(),
                        unit.pasidCache(),
                        unit.pagingCache(),
                        unit.interruptCache())
                    .flatMap(List::stream)
                    .filter(line -> line.cache().name().equalsIgnoreCase(selected.cache()))
                    .filter(line -> line.set() == selected.set() && line.way() == selected.way())
                    .findFirst())
        .flatMap(this::behind);
  }

  private Optional<Inspected> behind(CacheLine line) {
    return switch (line.cache()) {
      case CONTEXT -> find(new Selected.Device(new SourceId(line.source())));
      case PASID ->
          tables.pasids().stream()
              .filter(pasid -> pasid.source().value() == line.source())
              .filter(pasid -> pasid.pasid() == line.pasid())
              .findFirst()
              .map(pasid -> entry(pasidEntry(pasid)));
      case INTERRUPT_ENTRY ->
          tables.irtes().stream()
              .filter(irte -> irte.index() == line.page())
              .findFirst()
              .map(irte -> entry(interruptEntry(irte)));
      case IOTLB, PAGING_STRUCTURE ->
          DomainTree.of(tables, line.domain()).flatMap(tree -> leaf(tree, line.page()));
    };
  }

  private static Selected.Entry pasidEntry(PasidNode pasid) {
    return new Selected.Entry(
        pasid.address(), PasidEntry.LAYOUT, "PASID [" + Hex.plain(pasid.pasid()) + "]");
  }

  private static Selected.Entry interruptEntry(IrteNode irte) {
    Layout layout = Irte.IM.isSet(irte.lo()) ? Irte.POSTED : Irte.REMAPPED;
    return new Selected.Entry(irte.address(), layout, "IRTE [" + Hex.plain(irte.index()) + "]");
  }

  private Optional<Inspected> leaf(DomainTree use, long iova) {
    List<TableRow> path = use.open(tables).path(iova);
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
        UnitFacts.features(view),
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
