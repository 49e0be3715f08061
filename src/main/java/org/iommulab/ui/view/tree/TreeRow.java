package org.iommulab.ui.view.tree;

import org.iommulab.ui.view.part.OutlineRow;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/**
 * One visible row of the tree.
 *
 * @param key indexes from the top table joined by {@code -}; a merged row has a trailing {@code m}
 * @param depth steps of indentation
 * @param branch whether it can be opened
 * @param table name of the table the entry is in, such as {@code PD}
 * @param entry the entry or merged entries; null for a row that only counts
 * @param absent how many entries the row says are not present; 0 for entries
 * @param more how many rows the row says are not listed; 0 for entries
 * @param changes how many entries of the row, or below it, the last command changed
 */
record TreeRow(
    String key,
    int depth,
    Branch branch,
    String table,
    @Nullable TableRow entry,
    int absent,
    long more,
    int changes)
    implements OutlineRow {

  /** End of the row's id: the entry's physical address, or the key for a row without one. */
  String id() {
    TableRow shown = entry;
    return shown == null ? key : Long.toHexString(shown.entryAddress());
  }

  /** Tells whether the row covers an entry address. */
  boolean covers(long address) {
    TableRow shown = entry;
    return shown != null
        && address >= shown.entryAddress()
        && address < shown.entryAddress() + shown.count() * 8L;
  }
}
