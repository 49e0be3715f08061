package org.iommulab.ui.view.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.view.part.OutlineRow.Branch;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;

/**
 * Lays the open part of a tree out as rows. Only tables that are open are read, so the cost follows
 * what is visible and not what is mapped.
 */
final class TreeRows {

  /** Most rows laid out; the rest is one row that says how many there are. */
  static final int LIMIT = 100_000;

  /** A tree of up to this many tables is open unless the reader closed a part of it. */
  static final int SMALL = 64;

  private final PageTable tree;
  private final boolean small;
  private final Map<String, Boolean> decided;
  private final Set<String> opened;
  private final Changes changed;
  private final List<TreeRow> rows = new ArrayList<>();
  private long left;

  TreeRows(
      PageTable tree,
      boolean small,
      Map<String, Boolean> decided,
      Set<String> opened,
      Changes changed) {
    this.tree = tree;
    this.small = small;
    this.decided = decided;
    this.opened = opened;
    this.changed = changed;
  }

  List<TreeRow> lay() {
    addTable(tree.root(), "", 0);
    if (left > 0) {
      rows.add(new TreeRow("more", 0, Branch.NONE, "", null, 0, left, 0));
    }
    return rows;
  }

  private void addTable(TableNode table, String parent, int depth) {
    List<TableRow> entries = tree.rows(table);
    for (TableRow entry : entries) {
      if (rows.size() >= LIMIT) {
        left++;
      } else if (entry.kind() == TableRow.Kind.TABLE) {
        addBranch(table, entry, parent + entry.index(), depth);
      } else if (entry.count() > 1) {
        addMerged(table, entry, parent, depth);
      } else {
        addEntry(table, entry, parent + entry.index(), depth);
      }
    }
    int absent = tree.absentEntries(table);
    if (absent > 0 && rows.size() < LIMIT) {
      int cleared = changesIn(table);
      for (TableRow entry : entries) {
        cleared -= changes(entry);
      }
      rows.add(new TreeRow(parent + "absent", depth, Branch.NONE, "", null, absent, 0, cleared));
    }
  }

  private void addBranch(TableNode table, TableRow entry, String key, int depth) {
    boolean open = isOpen(key, small);
    Branch branch = open ? Branch.OPEN : Branch.CLOSED;
    rows.add(new TreeRow(key, depth, branch, table.name(), entry, 0, 0, changes(entry)));
    if (open) {
      addTable(entry.child(), key + "-", depth + 1);
    }
  }

  private void addMerged(TableNode table, TableRow run, String parent, int depth) {
    String key = parent + run.index() + "m";
    boolean open = isOpen(key, false);
    Branch branch = open ? Branch.OPEN : Branch.CLOSED;
    rows.add(new TreeRow(key, depth, branch, table.name(), run, 0, 0, changes(run)));
    for (int i = 0; open && i < run.count() && rows.size() < LIMIT; i++) {
      addEntry(table, tree.row(table, run.index() + i), parent + (run.index() + i), depth + 1);
    }
  }

  private void addEntry(TableNode table, TableRow entry, String key, int depth) {
    rows.add(new TreeRow(key, depth, Branch.NONE, table.name(), entry, 0, 0, changes(entry)));
  }

  private boolean isOpen(String key, boolean otherwise) {
    return opened.contains(key) || decided.getOrDefault(key, otherwise);
  }

  private int changesIn(TableNode table) {
    return (int) changed.count(table.address(), PhysicalMemory.FRAME_BYTES);
  }

  private int changes(TableRow entry) {
    return (int) changed.count(entry.entryAddress(), entry.count() * 8L);
  }
}
