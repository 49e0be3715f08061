package org.iommulab.ui.view.faults;

import java.util.List;

/**
 * The fault log.
 *
 * @param rows faults that wait, then those of the past, the newest first
 * @param records how many records the unit has
 * @param overflow whether faults were lost because no record was free
 */
record FaultPicture(List<FaultRow> rows, int records, boolean overflow) {

  FaultPicture {
    rows = List.copyOf(rows);
  }

  /** How many wait for software. */
  int waiting() {
    return (int) rows.stream().filter(row -> row.state() == FaultRow.State.WAITING).count();
  }
}
