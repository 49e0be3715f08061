package org.iommulab.ui.view.path;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.MessageSink;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is mapped near an address. Only tables that reach into the window are read. Runs on
 * the laboratory's thread.
 */
final class BandQuery {

  private static final int SMALLEST_WINDOW = 16;
  private static final int LARGEST_WINDOW = 36;
  private static final int MOST_RUNS = 400;

  /** Leaf tables read for one window; what further ones have is less than a run is drawn wide. */
  private static final int MOST_TABLES = 512;

  private final PageTable tree;
  private final Changes changed;
  private final long first;
  private final long last;
  private final List<Band.Run> runs = new ArrayList<>();
  private int leafTables;

  private BandQuery(PageTable tree, Changes changed, long first, long last) {
    this.tree = tree;
    this.changed = changed;
    this.first = first;
    this.last = last;
  }

  /**
   * The smallest aligned window around the address in which what is mapped there has room on both
   * sides.
   */
  static Band around(TableBrowser tables, DomainTree use, long iova, Changes changed) {
    PageTable tree = use.open(tables);
    List<Band.Run> runs = List.of();
    long first = 0;
    long last = 0;
    for (int bits = SMALLEST_WINDOW; bits <= LARGEST_WINDOW; bits += 2) {
      long size = 1L << bits;
      first = iova & -size;
      last = first + size - 1;
      var query = new BandQuery(tree, changed, first, last);
      query.collect(tree.root());
      query.addInterruptWindow();
      runs = List.copyOf(query.runs);
      if (isRoomy(runs, iova, first, last)) {
        break;
      }
    }
    return new Band(use.domain(), first, last, iova, runs);
  }

  /** Something is mapped, and the run of the address touches neither end of the window. */
  private static boolean isRoomy(List<Band.Run> runs, long iova, long first, long last) {
    boolean any = false;
    for (Band.Run run : runs) {
      boolean here = run.first() <= iova && iova <= run.last();
      if (here && (run.first() == first || run.last() == last)) {
        return false;
      }
      any |= run.kind() != Band.Kind.RESERVED;
    }
    return any;
  }

  private void collect(TableNode table) {
    List<TableRow> rows = tree.rows(table);
    int at = 0;
    for (TableRow row : rows) {
      addCleared(table, at, row.index());
      at = row.lastIndex() + 1;
      if (row.iova() > last || row.iova() + row.size() - 1 < first) {
        continue;
      }
      switch (row.kind()) {
        case TABLE -> below(row);
        case LEAF -> addLeaf(row);
        case MISSING_TABLE, BROKEN, ABSENT -> {}
      }
    }
    addCleared(table, at, PageTable.ENTRIES);
  }

  private void below(TableRow row) {
    TableNode table = row.child();
    if (table.level() > 1 || ++leafTables <= MOST_TABLES) {
      collect(table);
    } else {
      Band.Kind kind = kind(row.effective());
      if (kind != null) {
        boolean isChanged = changed.any(table.address(), PhysicalMemory.FRAME_BYTES);
        add(row.iova(), row.iova() + row.size() - 1, kind, isChanged);
      }
    }
  }

  private void addLeaf(TableRow row) {
    Band.Kind kind = kind(row.effective());
    if (kind == null) {
      return;
    }
    if (!changed.any(row.entryAddress(), row.count() * 8L)) {
      add(row.iova(), row.iova() + row.size() - 1, kind, false);
      return;
    }
    long page = row.size() / row.count();
    int from = 0;
    while (from < row.count()) {
      boolean isChanged = isChanged(row.entryAddress() + from * 8L);
      int to = from + 1;
      while (to < row.count() && isChanged(row.entryAddress() + to * 8L) == isChanged) {
        to++;
      }
      add(row.iova() + from * page, row.iova() + to * page - 1, kind, isChanged);
      from = to;
    }
  }

  /** Entries from index {@code from} to {@code to} are absent: mark those just cleared. */
  private void addCleared(TableNode table, int from, int to) {
    long span = table.entrySpan();
    changed
        .in(table.address() + from * 8L, (to - from) * 8L)
        .forEach(
            entry -> {
              long iova = table.iova() + (entry.address() - table.address()) / 8 * span;
              if (iova <= last && iova + span - 1 >= first) {
                add(iova, iova + span - 1, Band.Kind.CLEARED, true);
              }
            });
  }

  private void addInterruptWindow() {
    if (MessageSink.FIRST <= last && MessageSink.LAST >= first) {
      long from = Math.max(first, MessageSink.FIRST);
      long to = Math.min(last, MessageSink.LAST);
      runs.add(new Band.Run(from, to, Band.Kind.RESERVED, false));
    }
  }

  private void add(long from, long to, Band.Kind kind, boolean isChanged) {
    long start = Math.max(from, first);
    long end = Math.min(to, last);
    Band.Run before = runs.isEmpty() ? null : runs.getLast();
    if (before != null
        && before.last() + 1 == start
        && before.kind() == kind
        && before.changed() == isChanged) {
      runs.set(runs.size() - 1, new Band.Run(before.first(), end, kind, isChanged));
    } else if (runs.size() < MOST_RUNS) {
      runs.add(new Band.Run(start, end, kind, isChanged));
    }
  }

  private boolean isChanged(long entry) {
    return changed.any(entry, Long.BYTES);
  }

  private static Band.@Nullable Kind kind(EntryRights rights) {
    if (rights.read() && rights.write()) {
      return Band.Kind.READ_WRITE;
    }
    if (rights.read()) {
      return Band.Kind.READ_ONLY;
    }
    return rights.write() ? Band.Kind.WRITE_ONLY : null;
  }
}
