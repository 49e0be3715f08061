package org.iommulab.lab.expect;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a path has with what it must have. A structure compared with a number is its raw
 * value, a list compared with a number is its length, anything compared with true or false is
 * whether it is there at all.
 */
public final class Comparison {

  /** Key of a structure's raw value. */
  public static final String RAW = "raw";

  private Comparison() {}

  /** Tells whether the actual value is the expected one; null expects that there is nothing. */
  public static boolean holds(@Nullable Object actual, @Nullable Object expected) {
    if (expected == null || actual == null) {
      return expected == actual || (actual == null && Boolean.FALSE.equals(expected));
    }
    if (expected instanceof Boolean wanted) {
      return isThere(actual) == wanted;
    }
    return switch (actual) {
      case Map<?, ?> map -> structure(map, expected);
      case List<?> list -> list(list, expected);
      default -> scalar(actual, expected);
    };
  }

  private static boolean isThere(Object actual) {
    return switch (actual) {
      case Boolean flag -> flag;
      case Number number -> number.longValue() != 0;
      case List<?> list -> !list.isEmpty();
      default -> true;
    };
  }

  private static boolean structure(Map<?, ?> actual, Object expected) {
    if (expected instanceof Map<?, ?> fields) {
      return fields.entrySet().stream()
          .allMatch(field -> holds(actual.get(field.getKey()), field.getValue()));
    }
    Object raw = actual.get(RAW);
    return raw != null && holds(raw, expected);
  }

  private static boolean list(List<?> actual, Object expected) {
    if (expected instanceof List<?> elements) {
      if (actual.size() != elements.size()) {
        return false;
      }
      for (int i = 0; i < actual.size(); i++) {
        if (!holds(actual.get(i), elements.get(i))) {
          return false;
        }
      }
      return true;
    }
    return holds((long) actual.size(), expected);
  }

  private static boolean scalar(Object actual, Object expected) {
    Long a = number(actual);
    Long b = number(expected);
    return a != null && b != null ? a.equals(b) : actual.toString().equals(expected.toString());
  }

  private static @Nullable Long number(Object value) {
    return switch (value) {
      case Number number -> number.longValue();
      case Boolean flag -> flag ? 1L : 0L;
      default -> numberOrNull(value.toString());
    };
  }

  /**
   * The value of a text that is a number, underscores allowed between digits; null if it is none.
   */
  static @Nullable Long numberOrNull(String text) {
    String digits = text.replace("_", "");
    boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
    if (!hex && (digits.isEmpty() || !Character.isDigit(digits.charAt(0)))) {
      return null;
    }
    try {
      return Long.parseUnsignedLong(digits, hex ? 2 : 0, digits.length(), hex ? 16 : 10);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
