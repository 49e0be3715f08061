package org.iommulab.ui.view.inspector;

import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.part.FieldWords;
import org.iommulab.ui.view.part.Phrase;
import org.jspecify.annotations.Nullable;

/**
 * One line of the field table.
 *
 * @param field which bits
 * @param value as {@link Field#get(long)} returns it
 * @param reserved true if the bits must be zero on this unit
 */
record FieldRow(Field field, long value, boolean reserved) {

  /** {@code ADDR [51:21]}, with the numbers of its bits in the structure. */
  String name() {
    return field.name() + " [" + field.range() + "]";
  }

  /** Addresses and wide numbers in hexadecimal, flags as 0 or 1. */
  String figure() {
    return Hex.group(value);
  }

  /** What the value stands for, if that is more than its number, and what the field is for. */
  Phrase meaning() {
    Phrase reading = FieldWords.reading(field, value);
    Phrase meaning = FieldWords.meaning(field);
    return reading.isEmpty()
        ? meaning
        : Phrase.join(
            List.of(Phrase.join(List.of(Phrase.literal("→"), reading), " "), meaning), " · ");
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
