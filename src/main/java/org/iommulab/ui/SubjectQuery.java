package org.iommulab.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.memory.Changes;
import org.iommulab.ui.view.lookup.ChangedTables;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableUse;

/** Decides whom all panes show. Runs on the laboratory's thread. */
final class SubjectQuery {

  /** Trees looked through for what a command changed. */
  private static final int MOST_TREES = 64;

  /** An address space of some unit. */
  private record Found(int unit, TableUse use) {

    Subject subject() {
      return new Subject(
          unit, use.source(), use.pasid(), use.domainId(), use.table(), OptionalLong.empty());
    }
  }

  private final LabView view;
  private final Subject before;

  private SubjectQuery(LabView view, Subject before) {
    this.view = view;
    this.before = before;
  }

  /** After a command, or after going back to one: whom it was about, or the one before. */
  static Subject after(LabView view, Subject before) {
    var query = new SubjectQuery(view, before);
    return view.lastPath()
        .map(WalkPath::request)
        .map(query::requester)
        .or(query::changed)
        .orElseGet(query::kept);
  }

  /** After a remark: the one before as long as it is there. */
  static Subject still(LabView view, Subject before) {
    return new SubjectQuery(view, before).kept();
  }

  /** After something was chosen in the window. */
  static Subject chosen(LabView view, Subject before, Selected selected) {
    var query = new SubjectQuery(view, before);
    return switch (selected) {
      case Selected.Device(SourceId source) -> query.device(source, Pasid.NONE);
      case Selected.Address(SourceId source, long iova) ->
          query.device(source, Pasid.NONE).at(iova);
      case Selected.Domain(int domain) -> query.domain(domain);
      case Selected.DomainAddress(int domain, long iova) -> query.domain(domain).at(iova);
      case Selected.Entry(long address, var layout, String title) -> query.entry(address);
      case Selected.Register(int unit, String name) -> query.unit(unit);
      case Selected.Fault(int index) -> query.fault(index);
      case Selected.Nothing _,
          Selected.Cached _,
          Selected.Stage _,
          Selected.JournalLine _,
          Selected.Call _,
          Selected.Bytes _ ->
          before;
    };
  }

  /** Another unit: its first address space that maps something. */
  static Subject ofUnit(LabView view, Subject before, int unit) {
    return new SubjectQuery(view, before).unit(unit);
  }

  private Subject unit(int unit) {
    return unit == before.unit() ? before : first(unit);
  }

  private Subject requester(DmaAccess request) {
    return device(request.source(), request.pasid()).at(request.address());
  }

  /** A device's address space: of its PASID, or of requests without one. */
  private Subject device(SourceId source, Pasid pasid) {
    int unit = unitOf(source);
    // Tables know devices by 16 bits, without their segment.
    SourceId seen =
        view.machine().map(machine -> machine.requester(source)).orElse(source).inSegment(0);
    return DomainTree.use(view.ofUnit(unit).tables(), seen, pasid)
        .map(
            use ->
                new Subject(
                    unit, source, use.pasid(), use.domainId(), use.table(), OptionalLong.empty()))
        .orElseGet(
            () ->
                new Subject(unit, source, pasid, domainOf(unit, seen), null, OptionalLong.empty()));
  }

  /** Domain of a device without page tables, such as one that passes through. */
  private int domainOf(int unit, SourceId source) {
    return view.ofUnit(unit)
        .tables()
        .context(source)
        .filter(ContextNode::present)
        .map(context -> context instanceof ContextNode.Legacy legacy ? legacy.domainId() : -1)
        .orElse(-1);
  }

  private int unitOf(SourceId source) {
    return view.machine()
        .map(machine -> machine.unit(source).map(machine.units()::indexOf).orElse(before.unit()))
        .orElseGet(() -> view.evidence().map(dump -> dump.unitOf(source)).orElse(before.unit()));
  }

  private Subject domain(int domain) {
    if (before.domain() == domain) {
      return before.withoutAddress();
    }
    return search(found -> found.use().domainId() == domain)
        .map(Found::subject)
        .orElse(new Subject(before.unit(), null, Pasid.NONE, domain, null, OptionalLong.empty()));
  }

  private Subject entry(long address) {
    TableKey shown = before.table();
    if (shown != null && EntryPlace.in(tables(before.unit()).table(shown), address).isPresent()) {
      return before;
    }
    return search(found -> holds(found, address))
        .map(Found::subject)
        .or(() -> ofContext(entryAt -> entryAt == address))
        .orElse(before);
  }

  private boolean holds(Found found, long address) {
    return EntryPlace.in(open(found), address).isPresent();
  }

  private Subject fault(int index) {
    List<FaultNode> records = tables(before.unit()).faults();
    if (index >= records.size()) {
      return before;
    }
    FaultNode record = records.get(index);
    return device(record.source(), Pasid.NONE).at(record.address());
  }

  /** The address space, or the device, whose tables the latest command changed. */
  private Optional<Subject> changed() {
    Changes changes = view.lastChanges();
    // What changes in a machine that is looked at was nobody's command here.
    if (!view.isLive() || changes.isEmpty()) {
      return Optional.empty();
    }
    return search(found -> isChanged(found, changes))
        .map(found -> isShown(found) ? before : found.subject())
        .or(() -> ofContext(entry -> changes.at(entry).isPresent()));
  }

  private boolean isShown(Found found) {
    return found.unit() == before.unit()
        && found.use().table().equals(before.table())
        && found.use().domainId() == before.domain();
  }

  private boolean isChanged(Found found, Changes changes) {
    return !found.use().guestPointers()
        && ChangedTables.any(tables(found.unit()).table(found.use().table()), changes);
  }

  /** The device whose context or PASID entry begins at a wanted address. */
  private Optional<Subject> ofContext(Predicate<Long> wanted) {
    for (int unit = 0; unit < units(); unit++) {
      for (ContextNode context : tables(unit).contexts()) {
        if (wanted.test(context.address())) {
          return Optional.of(device(context.source(), Pasid.NONE));
        }
      }
      for (PasidNode pasid : tables(unit).pasids()) {
        if (wanted.test(pasid.address())) {
          return Optional.of(device(pasid.source(), pasid.pasid()));
        }
      }
    }
    return Optional.empty();
  }

  /** The one before as long as it is there; its table may have moved. */
  private Subject kept() {
    boolean there =
        before.unit() < units()
            && tables(before.unit()).uses().stream()
                .anyMatch(
                    use -> use.domainId() == before.domain() && use.table().equals(before.table()));
    if (there) {
      return before;
    }
    SourceId device = before.device();
    boolean known =
        device != null
            && view.machine().map(MachineView::devices).orElse(List.of()).stream()
                .anyMatch(each -> each.source().equals(device));
    if (device != null && known) {
      Subject again = device(device, before.pasid());
      if (again.table() != null) {
        return again;
      }
    }
    return first(before.unit() < units() ? before.unit() : 0);
  }

  private Subject first(int unit) {
    List<Found> all = of(unit);
    return all.stream()
        .limit(MOST_TREES)
        .filter(found -> !isEmpty(found))
        .findFirst()
        .or(() -> all.stream().findFirst())
        .map(Found::subject)
        .or(() -> ofAnother(unit))
        .orElse(new Subject(unit, null, Pasid.NONE, -1, null, OptionalLong.empty()));
  }

  /** Of evidence somebody looks at for the first time: the unit that translates for anybody. */
  private Optional<Subject> ofAnother(int unit) {
    boolean chosen = view.isLive() || before.unit() != 0 || unit != 0;
    return chosen
        ? Optional.empty()
        : IntStream.range(1, units())
            .mapToObj(this::of)
            .filter(all -> !all.isEmpty())
            .map(all -> all.getFirst().subject())
            .findFirst();
  }

  private boolean isEmpty(Found found) {
    PageTable tree = open(found);
    return tree.rows(tree.root()).isEmpty();
  }

  private PageTable open(Found found) {
    return DomainTree.open(tables(found.unit()), found.use());
  }

  /** Looks through the address spaces, the one on show first. */
  private Optional<Found> search(Predicate<Found> wanted) {
    var all = new ArrayList<>(of(before.unit() < units() ? before.unit() : 0));
    all.sort((a, b) -> Boolean.compare(isShown(b), isShown(a)));
    for (int unit = 0; unit < units(); unit++) {
      if (unit != before.unit()) {
        all.addAll(of(unit));
      }
    }
    return all.stream().limit(MOST_TREES).filter(wanted).findFirst();
  }

  private List<Found> of(int unit) {
    return tables(unit).uses().stream().map(use -> new Found(unit, use)).toList();
  }

  private TableBrowser tables(int unit) {
    return view.ofUnit(unit).tables();
  }

  private int units() {
    return view.units();
  }
}
