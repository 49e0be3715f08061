package org.iommulab.ui.view.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.iommulab.bus.MessageSink;
import org.iommulab.lab.LabView;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.KernelView;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.Selected;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table of an address space and tells how much lies under each of its entries. Leaves are
 * counted, never listed, and counted once in a state of the laboratory, so that millions of pages
 * cost one scan of their tables and going from table to table none. Runs on the laboratory's
 * thread.
 */
final class MapQuery {

  private final DomainTree use;
  private final PageTable tree;
  private final ToLongFunction<TableNode> mapped;
  private final Changes changed;
  private final List<Window> windows = new ArrayList<>();

  private record Window(long first, long last, MapCell.Reserved why) {
    boolean meets(long from, long to) {
      return Long.compareUnsigned(first, to) <= 0 && Long.compareUnsigned(last, from) >= 0;
    }
  }

  private MapQuery(LabView view, DomainTree use, Counted counted) {
    this.use = use;
    this.tree = use.open(view.tables());
    mapped = counted.of(view.snapshot(), use, tree);
    changed = view.lastChanges();
    windows.add(new Window(MessageSink.FIRST, MessageSink.LAST, MapCell.Reserved.MSI));
    view.kernel().map(KernelView::groups).orElse(List.of()).forEach(this::addWindows);
  }

  private void addWindows(GroupView group) {
    if (group.devices().stream().anyMatch(use.users()::contains)) {
      for (GroupView.Reserved region : group.reserved()) {
        MapCell.Reserved why =
            switch (region.type()) {
              case "direct", "direct-relaxable" -> MapCell.Reserved.DIRECT;
              case "msi" -> MapCell.Reserved.MSI;
              default -> MapCell.Reserved.OTHER;
            };
        windows.add(new Window(region.start(), region.last(), why));
      }
    }
  }

  /** What was counted last; belongs to the laboratory's thread. */
  static final class Counted {

    private long snapshot;
    private @Nullable DomainTree of;
    private @Nullable ToLongFunction<TableNode> mapped;

    ToLongFunction<TableNode> of(long now, DomainTree use, PageTable tree) {
      ToLongFunction<TableNode> known = mapped;
      if (known == null || now != snapshot || !use.equals(of)) {
        known = tree.mappedBytes();
        mapped = known;
        snapshot = now;
        of = use;
      }
      return known;
    }
  }

  static MapPicture answer(LabView view, MapRequest request, Counted counted) {
    List<DomainTree> choices = DomainTree.all(view.tables());
    return choices.stream()
        .filter(request.subject()::means)
        .findFirst()
        .map(use -> new MapQuery(view, use, counted).picture(choices, request))
        .orElse(new MapPicture(choices, null, List.of(), List.of(), 0, -1));
  }

  private MapPicture picture(List<DomainTree> choices, MapRequest request) {
    MapRequest.Focus focus = request.focus();
    List<TableNode> trail = focus == null ? fit() : towards(focus);
    var cells = new ArrayList<MapCell>(PageTable.ENTRIES);
    TableNode table = trail.getLast();
    if (tree.isThere(table)) {
      for (int i = 0; i < PageTable.ENTRIES; i++) {
        cells.add(cell(table, i));
      }
    }
    return new MapPicture(
        choices,
        use,
        trail,
        cells,
        mapped.applyAsLong(tree.root()),
        index(cells, request.selected()));
  }

  /** Down from the top while a table has one entry only, and that leads to a table. */
  private List<TableNode> fit() {
    var trail = new ArrayList<TableNode>();
    TableNode table = tree.root();
    trail.add(table);
    List<TableRow> rows = tree.rows(table);
    while (rows.size() == 1 && rows.getFirst().kind() == TableRow.Kind.TABLE) {
      table = rows.getFirst().child();
      trail.add(table);
      rows = tree.rows(table);
    }
    return trail;
  }

  private List<TableNode> towards(MapRequest.Focus focus) {
    var trail = new ArrayList<TableNode>();
    trail.add(tree.root());
    for (TableRow row :
        tree.reaches(focus.iova()) ? tree.path(focus.iova()) : List.<TableRow>of()) {
      if (row.kind() == TableRow.Kind.TABLE && row.level() > focus.level()) {
        trail.add(row.child());
      }
    }
    return trail;
  }

  private MapCell cell(TableNode table, int index) {
    TableRow row = tree.row(table, index);
    MapCell.Kind kind =
        switch (row.kind()) {
          case TABLE -> MapCell.Kind.TABLE;
          case LEAF -> MapCell.Kind.PAGE;
          case MISSING_TABLE, BROKEN -> MapCell.Kind.BROKEN;
          case ABSENT -> MapCell.Kind.FREE;
        };
    long bytes =
        switch (kind) {
          case TABLE -> mapped.applyAsLong(row.child());
          case PAGE -> row.size();
          case FREE, BROKEN -> 0;
        };
    boolean below =
        kind == MapCell.Kind.TABLE && changed.any(row.target(), PhysicalMemory.FRAME_BYTES);
    return new MapCell(
        index,
        row.iova(),
        row.size(),
        kind,
        row.effective(),
        bytes,
        kind == MapCell.Kind.FREE ? 0 : row.target(),
        row.entryAddress(),
        below || changed.any(row.entryAddress(), Long.BYTES),
        reserved(row));
  }

  /**
   * A window smaller than the cell is told only if the cell is a page or small enough to mean it.
   */
  private MapCell.Reserved reserved(TableRow row) {
    for (Window window : windows) {
      boolean small = row.size() <= 2 * (window.last() - window.first() + 1);
      if (small && window.meets(row.iova(), row.iova() + row.size() - 1)) {
        return window.why();
      }
    }
    return MapCell.Reserved.NO;
  }

  private int index(List<MapCell> cells, Selected selected) {
    Optional<Long> iova =
        switch (selected) {
          case Selected.DomainAddress at when at.domain() == use.domain() -> Optional.of(at.iova());
          case Selected.Address at when use.users().contains(at.source()) -> Optional.of(at.iova());
          case Selected.Entry entry -> EntryPlace.in(tree, entry.address()).map(EntryPlace::iova);
          default -> Optional.empty();
        };
    return iova.flatMap(
            at ->
                cells.stream()
                    .filter(cell -> Long.compareUnsigned(at - cell.iova(), cell.span()) < 0)
                    .findFirst())
        .map(MapCell::index)
        .orElse(-1);
  }
}
