package org.iommulab.ui.view.lookup;

import java.util.HashSet;
import java.util.Set;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;

/** Counts changed quadwords in the tables of a tree, entries that were cleared among them. */
public final class ChangedTables {

  private final PageTable tree;
  private final Changes changed;
  private final int enough;
  private final Set<Long> seen = new HashSet<>();
  private int count;

  private ChangedTables(PageTable tree, Changes changed, int enough) {
    this.tree = tree;
    this.changed = changed;
    this.enough = enough;
  }

  /** How many of the changed quadwords lie in the tree's tables. */
  public static int count(PageTable tree, Changes changed) {
    return counted(tree, changed, Integer.MAX_VALUE);
  }

  /** Whether one of the changed quadwords lies in the tree's tables. */
  public static boolean any(PageTable tree, Changes changed) {
    return counted(tree, changed, 1) > 0;
  }

  private static int counted(PageTable tree, Changes changed, int enough) {
    if (changed.isEmpty()) {
      return 0;
    }
    var counting = new ChangedTables(tree, changed, enough);
    counting.add(tree.root());
    return counting.count;
  }

  private void add(TableNode table) {
    if (count >= enough || !seen.add(table.address())) {
      return;
    }
    count += (int) changed.count(table.address(), PhysicalMemory.FRAME_BYTES);
    if (table.level() > 1) {
      for (TableRow row : tree.rows(table)) {
        if (row.kind() == TableRow.Kind.TABLE) {
          add(row.child());
        }
      }
    }
  }
}
