package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.iommulab.bits.Layout;
import org.iommulab.lab.LabView;
import org.iommulab.memory.MemoryView;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Selected;
import org.iommulab.ui.SelectedEntry;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.ui.view.lookup.UnitFacts;
import org.iommulab.ui.view.part.FieldWords;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.request.WalkPath;
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
      case Selected.Register register -> register(register.name());
      case Selected.Fault fault -> fault(fault.index());
      case Selected.Nothing _ -> suggestion();
      default -> SelectedEntry.of(selected, view).map(this::entry);
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

  private Inspected entry(Selected.Entry entry) {
    Optional<EntryPlace> place = EntryPlace.of(tables, entry.address());
    MemoryView memory = view.memory();
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
        Phrase.of("view.inspector.at", FieldWords.name(layout), Hex.group(entry.address())),
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
