package org.iommulab.ui.view.pagerequest;

import java.util.List;
import org.iommulab.bus.SourceId;

/**
 * One slot of the queue.
 *
 * @param slot its number
 * @param address physical address
 * @param quadwords its content
 * @param waiting software has not taken it yet
 * @param source who asks
 * @param name the device's name, or empty
 * @param pasid PASID, -1 if none
 * @param wants {@code R}, {@code RW}, …; empty for a stop marker
 * @param page the page asked for
 * @param group group index
 * @param last the group ends here, so it waits for an answer
 */
record PageRequestRow(
    int slot,
    long address,
    List<Long> quadwords,
    boolean waiting,
    SourceId source,
    String name,
    int pasid,
    String wants,
    long page,
    int group,
    boolean last) {

  PageRequestRow {
    quadwords = List.copyOf(quadwords);
  }
}
