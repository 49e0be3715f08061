package org.iommulab.ui.view.context;

import java.util.List;
import org.iommulab.vtd.tables.Mode;

/**
 * All root, context and PASID entries.
 *
 * @param mode what RTADDR makes of the root table
 * @param contexts number of context entries that are not zero
 * @param rows each below the one that leads to it, all open
 */
record ContextPicture(Mode mode, int contexts, List<ContextRow> rows) {

  ContextPicture {
    rows = List.copyOf(rows);
  }
}
