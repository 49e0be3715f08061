package org.iommulab.ui.view.faults;

import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.tables.FaultNode;
import org.jspecify.annotations.Nullable;

/**
 * A fault record in words.
 *
 * @param record the record
 * @param reason what its number stands for, or null if the architecture gives it no meaning
 * @param device the device's name, or empty
 */
record FaultRow(FaultNode record, @Nullable FaultReason reason, String device) {

  /** {@code 05}. */
  String code() {
    return org.iommulab.ui.Hex.plain(record.reason(), 2);
  }
}
