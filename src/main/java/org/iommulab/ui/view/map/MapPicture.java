package org.iommulab.ui.view.map;

import java.util.List;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.vtd.tables.TableNode;
import org.jspecify.annotations.Nullable;

/**
 * What the map draws.
 *
 * @param choices all address spaces in use
 * @param chosen the one on show, or null if there is none
 * @param trail tables from the top to the one on show
 * @param cells entries of the table on show, in order; none if there is no table
 * @param mapped bytes mapped in the whole address space
 * @param selected index of the cell that holds what is selected in the window, or -1
 */
record MapPicture(
    List<DomainTree> choices,
    @Nullable DomainTree chosen,
    List<TableNode> trail,
    List<MapCell> cells,
    long mapped,
    int selected) {

  /** Before anything is set up. */
  static final MapPicture NONE = new MapPicture(List.of(), null, List.of(), List.of(), 0, -1);

  MapPicture {
    choices = List.copyOf(choices);
    trail = List.copyOf(trail);
    cells = List.copyOf(cells);
  }

  /** Bytes mapped in the part on show. */
  long mappedHere() {
    return cells.stream().mapToLong(MapCell::mapped).sum();
  }
}
