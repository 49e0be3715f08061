package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.LabView;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.ui.view.part.FaultWords;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.TableRow;

/** Plain words about a structure: what it covers, where it leads, who wrote it. */
final class Explanation {

  private Explanation() {}

  static List<Phrase> ofPaging(EntryPlace place, TableRow row) {
    var said = new ArrayList<Phrase>();
    String covers = Hex.range(place.iova(), place.iova() + place.span() - 1);
    switch (row.kind()) {
      case LEAF -> {
        said.add(
            Phrase.of(
                "view.explain.leaf",
                covers,
                Hex.range(row.target(), row.target() + row.size() - 1),
                Hex.size(row.size())));
        if (!row.effective().equals(row.own())) {
          said.add(Phrase.of("view.explain.narrowed", row.own(), row.effective()));
        }
      }
      case TABLE ->
          said.add(
              Phrase.of("view.explain.table", covers, row.child().name(), Hex.group(row.target())));
      case MISSING_TABLE ->
          said.add(Phrase.of("view.explain.missing", covers, Hex.group(row.target())));
      case BROKEN -> said.add(Phrase.of("view.explain.broken", covers));
      case ABSENT -> said.add(Phrase.of("view.explain.absent", covers));
    }
    return said;
  }

  static List<Phrase> ofContext(ContextNode context) {
    String source = context.source().toString();
    if (!context.present()) {
      return List.of(Phrase.of("view.explain.context.absent", source));
    }
    return switch (context) {
      case ContextNode.Legacy legacy -> {
        String domain = Hex.plain(legacy.domainId(), 2);
        yield legacy.table().isPresent()
            ? List.of(
                Phrase.of(
                    "view.explain.context.table",
                    source,
                    legacy.levels(),
                    Hex.group(legacy.tablePointer()),
                    domain))
            : legacy.translationType() == 2
                ? List.of(Phrase.of("view.explain.context.through", source, domain))
                : List.of(Phrase.of("view.explain.context.broken", source));
      }
      case ContextNode.Scalable scalable ->
          List.of(Phrase.of("view.explain.context.pasid", source, Hex.group(scalable.directory())));
    };
  }

  static List<Phrase> ofRoot(long quadword) {
    return RootEntry.P.isSet(quadword)
        ? List.of(Phrase.of("view.explain.root", Hex.group(RootEntry.CTP.get(quadword))))
        : List.of(Phrase.of("view.explain.root.absent"));
  }

  /** Why the request was refused. */
  static List<Phrase> ofFault(FaultNode record) {
    if (!record.pending()) {
      return List.of(Phrase.of("view.explain.fault.none"));
    }
    FaultReason reason = FaultReason.of(record.reason());
    var said = new ArrayList<Phrase>();
    said.add(
        Phrase.of(
            record.read() ? "view.explain.fault.read" : "view.explain.fault.write",
            record.source().toString(),
            Hex.group(record.address())));
    said.add(
        reason == null
            ? Phrase.of("view.faults.unknown")
            : Phrase.join(List.of(FaultWords.text(reason), FaultWords.cause(reason)), ". "));
    return said;
  }

  /** What the latest command did to the structure, and which function did it. */
  static List<Phrase> ofLastCommand(long address, int quadwords, LabView view) {
    return view.lastChanges()
        .in(address, quadwords * 8L)
        .limit(1)
        .map(
            change -> {
              String before = Hex.plain(change.before());
              String after = Hex.plain(change.after());
              return writer(view.lastCalls(), change.address())
                  .map(by -> Phrase.of("view.explain.written", by, before, after))
                  .orElseGet(() -> Phrase.of("view.explain.changed", before, after));
            })
        .toList();
  }

  private static Optional<String> writer(List<CallFrame> frames, long address) {
    for (CallFrame frame : frames) {
      if (frame.writes().stream().anyMatch(write -> write.address() == address)) {
        return Optional.of(frame.function());
      }
      Optional<String> below = writer(frame.children(), address);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }
}
