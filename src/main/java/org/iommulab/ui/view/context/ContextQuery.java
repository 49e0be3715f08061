package org.iommulab.ui.view.context;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iommulab.bits.FieldValue;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.memory.Changes;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.lookup.DeviceName;
import org.iommulab.ui.view.part.FieldWords;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.OutlineRow.Branch;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.Mode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RootNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;

/** Reads root, context and PASID entries; runs on the laboratory's thread. */
final class ContextQuery {

  private final LabView view;
  private final TableBrowser tables;
  private final Changes changed;
  private final List<ContextRow> rows = new ArrayList<>();

  private ContextQuery(LabView view) {
    this.view = view;
    this.tables = view.tables();
    changed = view.lastChanges();
  }

  /** All entries that are not zero, each below the one that leads to it. */
  static ContextPicture answer(LabView view) {
    var query = new ContextQuery(view);
    query.collect();
    int users = query.tables.contexts().size();
    return new ContextPicture(query.tables.mode(), users, query.rows);
  }

  private void collect() {
    List<ContextNode> contexts = tables.contexts();
    for (RootNode root : tables.roots()) {
      addRoot(root);
      for (ContextNode context : contexts) {
        if (context.source().bus() == root.bus()) {
          addContext(context);
        }
      }
    }
  }

  private void addRoot(RootNode root) {
    boolean scalable = tables.mode() == Mode.SCALABLE;
    boolean present = ((root.lo() | root.hi()) & 1) != 0;
    String bus = Hex.plain(root.bus(), 2);
    rows.add(
        new ContextRow(
            "root-" + bus,
            0,
            Branch.OPEN,
            root.address(),
            scalable ? RootEntry.SCALABLE : RootEntry.LEGACY,
            "root [" + bus + "]",
            Figure.of(Phrase.of("view.context.bus", bus)),
            present(present),
            Figure.NONE,
            Figure.NONE,
            Figure.of(Phrase.of("view.context.table", Hex.plain(Page.number(root.lo())))),
            List.of(root.hi(), root.lo()),
            isChanged(root.address(), 2)));
  }

  private static Figure present(boolean present) {
    return present
        ? Figure.of(Phrase.of("view.context.present"))
        : Figure.tag(Mark.muted(Phrase.of("view.context.absent")));
  }

  private void addContext(ContextNode context) {
    switch (context) {
      case ContextNode.Legacy legacy -> rows.add(legacy(legacy));
      case ContextNode.Scalable scalable -> {
        rows.add(scalable(scalable));
        for (PasidNode pasid : tables.pasids(scalable)) {
          rows.add(pasid(pasid));
        }
      }
    }
  }

  private ContextRow legacy(ContextNode.Legacy context) {
    FieldValue type = decoded(context.quadwords(), "TT");
    FieldValue width = decoded(context.quadwords(), "AW");
    return row(
        context,
        Branch.NONE,
        context.present()
            ? type(reading(type), context.translationType() == ContextEntry.PASS_THROUGH)
            : present(false),
        Figure.of(Hex.plain(context.domainId(), 2)),
        Figure.of(reading(width)),
        context.table().map(key -> Figure.of(top(key))).orElse(Figure.NONE));
  }

  private static FieldValue decoded(long[] quadwords, String field) {
    var found = ContextEntry.LAYOUT.field(field);
    return new FieldValue(found, found.get(quadwords));
  }

  private static Phrase reading(FieldValue found) {
    return FieldWords.reading(found.field(), found.value());
  }

  private static Figure type(Phrase name, boolean through) {
    return through ? Figure.of(name, Role.WARN) : Figure.of(name);
  }

  /** {@code PML4 10A000}. */
  private static String top(TableKey key) {
    String name = key.levels() == 3 ? "PDPT" : key.levels() == 4 ? "PML4" : "PML5";
    return name + " " + Hex.plain(Page.number(key.root()));
  }

  private ContextRow scalable(ContextNode.Scalable context) {
    return row(
        context,
        Branch.OPEN,
        present(context.present()),
        Figure.NONE,
        Figure.of(Phrase.of("view.context.pasids", context.directoryEntries() * 64)),
        Figure.of(
            Phrase.of("view.context.directory", Hex.plain(Page.number(context.directory())))));
  }

  private ContextRow row(
      ContextNode context, Branch branch, Figure type, Figure domain, Figure width, Figure target) {
    SourceId source = context.source();
    long[] quadwords = context.quadwords();
    boolean legacy = context instanceof ContextNode.Legacy;
    Figure shown =
        context.faultsDisabled() ? type.with(Mark.muted(Phrase.of("view.context.quiet"))) : type;
    return new ContextRow(
        "ctx-" + Hex.plain(source.value(), 4),
        1,
        branch,
        context.address(),
        legacy ? ContextEntry.LAYOUT : ScalableContextEntry.LAYOUT,
        "ctx [" + Hex.plain(source.devfn(), 2) + "]",
        Figure.of(DeviceName.of(view, source)),
        shown,
        domain,
        width,
        target,
        reversed(quadwords),
        isChanged(context.address(), quadwords.length));
  }

  private ContextRow pasid(PasidNode pasid) {
    String key = Hex.plain(pasid.source().value(), 4) + "-" + Hex.plain(pasid.pasid().value());
    Figure target =
        pasid
            .secondStage()
            .or(pasid::firstStage)
            .map(table -> Figure.of(top(table)))
            .orElse(Figure.NONE);
    return new ContextRow(
        "pasid-" + key,
        2,
        Branch.NONE,
        pasid.address(),
        PasidEntry.LAYOUT,
        "pasid [" + Hex.plain(pasid.pasid().value()) + "]",
        Figure.NONE,
        pasid.present()
            ? Figure.of(Phrase.of("view.context.pgtt." + pasid.translationType()))
            : present(false),
        Figure.of(Hex.plain(pasid.domainId(), 2)),
        Figure.of(Phrase.of("view.context.levels", pasid.levels())),
        target,
        reversed(pasid.quadwords()),
        isChanged(pasid.address(), pasid.quadwords().length));
  }

  private static List<Long> reversed(long[] quadwords) {
    return Arrays.stream(quadwords).boxed().toList().reversed();
  }

  private boolean isChanged(long address, int quadwords) {
    return changed.any(address, quadwords * 8L);
  }
}
