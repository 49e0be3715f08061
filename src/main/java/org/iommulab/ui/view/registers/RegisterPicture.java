package org.iommulab.ui.view.registers;

import java.util.List;

/**
 * All registers at one snapshot.
 *
 * @param snapshot its number
 * @param rows by offset
 */
record RegisterPicture(long snapshot, List<RegisterRow> rows) {

  /** Before the first answer. */
  static final RegisterPicture NONE = new RegisterPicture(Long.MIN_VALUE, List.of());

  RegisterPicture {
    rows = List.copyOf(rows);
  }

  /** Tells whether the register had another value here. */
  boolean differsFrom(RegisterRow row) {
    return rows.stream()
        .anyMatch(old -> old.offset() == row.offset() && !old.quadwords().equals(row.quadwords()));
  }
}
