package org.iommulab.ui.view.tree;

import java.util.Map;
import org.iommulab.ui.Subject;
import org.jspecify.annotations.Nullable;

/**
 * What the tree pane wants to see.
 *
 * @param subject whom all panes show
 * @param decided rows that the reader, or a search, opened (true) or closed (false), by key
 * @param reveal what must become visible, or null
 */
record TreeRequest(Subject subject, Map<String, Boolean> decided, @Nullable Reveal reveal) {

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
