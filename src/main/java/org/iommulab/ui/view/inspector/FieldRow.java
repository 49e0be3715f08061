package org.iommulab.ui.view.inspector;

import org.iommulab.bits.Field;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.jspecify.annotations.Nullable;

/**
 * One line of the field table.
 *
 * @param field which bits
 * @param value as {@link Field#get(long)} returns it
 * @param reserved true if the bits must be zero on this unit
 */
record FieldRow(Field field, long value, boolean reserved) {

  /** {@code ADDR [51:21]}, counted inside its own quadword. */
  String name() {
    int base = field.quadword() * 64;
    int low = field.low() - base;
    int high = field.high() - base;
    return field.name() + " [" + (low == high ? "" + low : high + ":" + low) + "]";
  }

  /** Addresses and wide numbers in hexadecimal, flags as 0 or 1. */
  String figure() {
    return Hex.group(value);
  }

  /** What the value means; the field's own meaning if the value has no name. */
  String meaning() {
    String named = field.values().get(value);
    return named != null ? named : field.meaning();
  }

  /** The colour of its bits, or null for grey. */
  @Nullable Role role() {
    return BitTone.of(field, value, reserved);
  }

  /** Reserved bits that are one although they must be zero. */
  boolean isViolated() {
    return reserved && value != 0;
  }
}
