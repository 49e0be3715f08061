package org.iommulab.ui.view.tree;

import java.util.Map;
import org.iommulab.vtd.tables.TableKey;
import org.jspecify.annotations.Nullable;

/**
 * What the tree pane wants to see.
 *
 * @param domain the domain on show, or -1 for the first one
 * @param tree the tree on show, or null for the first one of the domain
 * @param follows whether a tree that the last command changed may be shown instead
 * @param decided rows that the reader, or a search, opened (true) or closed (false), by key
 * @param reveal what must become visible, or null
 */
record TreeRequest(
    int domain,
    @Nullable TableKey tree,
    boolean follows,
    Map<String, Boolean> decided,
    @Nullable Reveal reveal) {

  TreeRequest {
    decided = Map.copyOf(decided);
  }

  /** Something to find in the tables. */
  sealed interface Reveal {}

  /** The entry that translates an input address of the tree shown. */
  record InputAddress(long iova) implements Reveal {}

  /** The entry at a physical address, in whichever tree it is. */
  record EntryAddress(long address) implements Reveal {}
}
