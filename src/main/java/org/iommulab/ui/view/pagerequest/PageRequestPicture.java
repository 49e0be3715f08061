package org.iommulab.ui.view.pagerequest;

import java.util.List;
import org.iommulab.ui.view.part.RowPane;

/**
 * The queue of page requests.
 *
 * @param exists whether one was set up
 * @param overflow requests were lost
 * @param slots how many it has room for
 * @param head slot that software takes next
 * @param tail slot that the unit fills next
 * @param rows slots that are not zero
 */
record PageRequestPicture(
    boolean exists, boolean overflow, int slots, int head, int tail, List<PageRequestRow> rows)
    implements RowPane.Picture<PageRequestRow> {

  /** Before one was set up. */
  static final PageRequestPicture NONE = new PageRequestPicture(false, false, 0, 0, 0, List.of());

  PageRequestPicture {
    rows = List.copyOf(rows);
  }

  /** Requests that software has not taken. */
  int waiting() {
    return slots == 0 ? 0 : Math.floorMod(tail - head, slots);
  }
}
