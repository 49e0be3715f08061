package org.iommulab.ui.view.lookup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.iommulab.memory.Page;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;

/**
 * Where an entry stands in a page-table tree.
 *
 * @param key the tree
 * @param above the entries on the way to its table, from the top
 * @param table the table it is in
 * @param index its place there, 0 to 511
 */
public record EntryPlace(TableKey key, List<TableRow> above, TableNode table, int index) {

  /** Tables looked into before giving up; leaf tables are not looked into. */
  private static final int LIMIT = 20_000;

  public EntryPlace {
    above = List.copyOf(above);
  }

  /** First input address of the entry. */
  public long iova() {
    return table.iova() + index * table.entrySpan();
  }

  /** Input bytes the entry translates. */
  public long span() {
    return table.entrySpan();
  }

  /** Physical address of the entry. */
  public long address() {
    return table.address() + index * 8L;
  }

  /** {@code PD [2]}, {@code PT [1FF]}: indexes are hexadecimal everywhere in the window. */
  public String title() {
    return table.name() + " [" + Integer.toHexString(index).toUpperCase(Locale.ROOT) + "]";
  }

  /** Finds the entry at a physical address in any tree in use. */
  public static Optional<EntryPlace> of(TableBrowser tables, long address) {
    for (TableKey key : tables.tableKeys()) {
      Optional<EntryPlace> place = in(tables.table(key), address);
      if (place.isPresent()) {
        return place;
      }
    }
    return Optional.empty();
  }

  /** Finds the entry at a physical address in one tree. */
  public static Optional<EntryPlace> in(PageTable tree, long address) {
    long page = Page.start(address);
    int index = (int) (address >>> 3) & 511;
    Deque<Reached> open = new ArrayDeque<>();
    Set<Long> seen = new HashSet<>();
    open.add(new Reached(tree.root(), List.of()));
    while (!open.isEmpty() && seen.size() < LIMIT) {
      Reached reached = open.poll();
      TableNode table = reached.table();
      if (table.address() == page) {
        return Optional.of(new EntryPlace(tree.key(), reached.above(), table, index));
      }
      if (table.level() > 1 && seen.add(table.address())) {
        for (TableRow row : tree.rows(table)) {
          if (row.kind() == TableRow.Kind.TABLE) {
            open.add(reached.below(row));
          }
        }
      }
    }
    return Optional.empty();
  }

  private record Reached(TableNode table, List<TableRow> above) {
    Reached below(TableRow row) {
      var more = new ArrayList<>(above);
      more.add(row);
      return new Reached(row.child(), List.copyOf(more));
    }
  }
}
