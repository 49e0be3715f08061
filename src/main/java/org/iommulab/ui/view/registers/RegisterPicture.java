package org.iommulab.ui.view.registers;

import java.util.List;

/**
 * All registers at one snapshot.
 *
 * @param snapshot its number
 * @param live false for opened evidence
 * @param rows by offset
 */
record RegisterPicture(long snapshot, boolean live, List<RegisterRow> rows) {

  /** Before the first answer. */
  static final RegisterPicture NONE = new RegisterPicture(Long.MIN_VALUE, false, List.of());

  RegisterPicture {
    rows = List.copyOf(rows);
  }

  /** Tells whether the other picture is of the same machine one command later. */
  boolean isJustBefore(RegisterPicture other) {
    return live && other.live && other.snapshot == snapshot + 1;
  }

  /** Tells whether the register had another value here. */
  boolean differsFrom(RegisterRow row) {
    return rows.stream()
        .anyMatch(old -> old.offset() == row.offset() && !old.quadwords().equals(row.quadwords()));
  }
}
