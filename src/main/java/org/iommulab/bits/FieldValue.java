package org.iommulab.bits;

import org.jspecify.annotations.Nullable;

/**
 * A field together with the value found in one structure.
 *
 * @param field where and what
 * @param value as {@link Field#get(long)} returns it
 */
public record FieldValue(Field field, long value) {

  /** The name of this value if the field has names for values. */
  public @Nullable String valueName() {
    return field.values().get(value);
  }
}
