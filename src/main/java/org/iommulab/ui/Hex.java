package org.iommulab.ui;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * Numbers as the window writes them: hexadecimal in groups of four joined by {@code _}, without
 * {@code 0x}; sizes in KiB, MiB, GiB, TiB.
 */
public final class Hex {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Hex() {}

  /** Unsigned, without leading zeros: {@code 1_004A_BCDE}. */
  public static String group(long value) {
    return grouped(Long.toHexString(value).toUpperCase(Locale.ROOT));
  }

  /** At least {@code digits} digits, zeros in front: {@code 0000_0001_8000_0883} for 16. */
  public static String group(long value, int digits) {
    return grouped(plain(value, digits));
  }

  /** All sixteen digits of a quadword. */
  public static String qword(long value) {
    return group(value, 16);
  }

  /** Unsigned, without groups: {@code 10A001003}. */
  public static String plain(long value) {
    return Long.toHexString(value).toUpperCase(Locale.ROOT);
  }

  /** At least {@code digits} digits without groups. */
  public static String plain(long value, int digits) {
    String text = plain(value);
    return text.length() >= digits ? text : "0".repeat(digits - text.length()) + text;
  }

  /** First and last address of a range: {@code 1_0000_0000 … 1_00FF_FFFF}. */
  public static String range(long first, long last) {
    return group(first) + " … " + group(last);
  }

  /** A number of bytes in the largest unit that divides it: {@code 4 KiB}, {@code 514 KiB}. */
  public static String size(long bytes) {
    int unit = 0;
    long value = bytes;
    while (unit < UNITS.length - 1 && value != 0 && (value & 1023) == 0) {
      value >>>= 10;
      unit++;
    }
    return Long.toUnsignedString(value) + " " + UNITS[unit];
  }

  /** An address for a script: {@code 0x1003ff000}. */
  public static String script(long value) {
    return "0x" + Long.toHexString(value);
  }

  /**
   * Reads an address: hexadecimal with or without {@code 0x}, with or without groups.
   *
   * @return empty if the text is not one
   */
  public static OptionalLong address(String text) {
    String digits = text.strip().replace("_", "");
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      digits = digits.substring(2);
    }
    return parse(digits, 16, 0);
  }

  /**
   * Reads a number of bytes: decimal, {@code 0x…}, or a number with a unit such as {@code 4K},
   * {@code 2 MiB}, {@code 1g}.
   *
   * @return empty if the text is not one
   */
  public static OptionalLong bytes(String text) {
    String rest = text.strip().replace("_", "").toLowerCase(Locale.ROOT);
    if (rest.startsWith("0x")) {
      return parse(rest.substring(2), 16, 0);
    }
    int end = 0;
    while (end < rest.length() && Character.isDigit(rest.charAt(end))) {
      end++;
    }
    int shift =
        switch (rest.substring(end).strip()) {
          case "", "b" -> 0;
          case "k", "kb", "kib" -> 10;
          case "m", "mb", "mib" -> 20;
          case "g", "gb", "gib" -> 30;
          case "t", "tb", "tib" -> 40;
          default -> -1;
        };
    return shift < 0 ? OptionalLong.empty() : parse(rest.substring(0, end), 10, shift);
  }

  private static OptionalLong parse(String digits, int radix, int shift) {
    try {
      long value = Long.parseUnsignedLong(digits, radix);
      return value << shift >>> shift == value
          ? OptionalLong.of(value << shift)
          : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static String grouped(String digits) {
    int first = digits.length() % 4;
    var text = new StringBuilder(digits.length() + 4);
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (i - first) % 4 == 0) {
        text.append('_');
      }
      text.append(digits.charAt(i));
    }
    return text.toString();
  }
}
