package org.iommulab.ui.view.registers;

import java.util.List;
import java.util.Locale;
import org.iommulab.vtd.layout.Register;

/**
 * A register and its value.
 *
 * @param register what it is
 * @param offset bytes from the unit's first register
 * @param quadwords its value; two for a fault record
 * @param decoded its set flags and numbers in short
 */
record RegisterRow(Register register, int offset, List<Long> quadwords, String decoded) {

  RegisterRow {
    quadwords = List.copyOf(quadwords);
  }

  /** Tells whether its name, offset or decoded value contains a text, in any case. */
  boolean matches(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    String all = register.name() + " " + Integer.toHexString(offset) + " " + decoded;
    return all.toLowerCase(Locale.ROOT).contains(wanted);
  }
}
