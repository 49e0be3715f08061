package org.iommulab.course;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people and files write them. */
final class Numbers {

  private Numbers() {}

  /** A number, or a text that is one (decimal, or hexadecimal with 0x); null if it is none. */
  static @Nullable Long of(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    String text = value.toString().strip().replace("_", "").toLowerCase(Locale.ROOT);
    boolean hex = text.startsWith("0x");
    String digits = hex ? text.substring(2) : text;
    try {
      return digits.isEmpty() || Character.digit(digits.charAt(0), 16) < 0
          ? null
          : (Long) Long.parseUnsignedLong(digits, hex ? 16 : 10);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
