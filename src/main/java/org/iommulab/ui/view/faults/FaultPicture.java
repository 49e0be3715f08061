package org.iommulab.ui.view.faults;

import java.util.List;

/**
 * The fault log.
 *
 * @param rows records that hold a fault, by index
 * @param records how many records the unit has
 * @param overflow whether faults were lost because no record was free
 */
record FaultPicture(List<FaultRow> rows, int records, boolean overflow) {

  FaultPicture {
    rows = List.copyOf(rows);
  }
}
