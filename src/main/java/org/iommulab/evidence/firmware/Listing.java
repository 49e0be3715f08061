package org.iommulab.evidence.firmware;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An {@code iasl -d} listing whose raw part was left out: its fields are put together again. */
final class Listing {

  private static final int LARGEST = 1 << 20;
  private static final Pattern FIELD =
      Pattern.compile(
          "[\\s>]*\\[(?:0x)?([0-9A-Fa-f]{3,8})h? +\\d{1,8}d? +(?:0x)?([0-9A-Fa-f]{1,8})h?\\]"
              + "\\s*[^:]{1,60}:\\s*(.*?)\\s*");

  /** A template gives only lengths, in decimal; its fields stand one behind the other. */
  private static final Pattern TEMPLATE =
      Pattern.compile("[\\s>]*\\[(\\d{4})\\]\\s{2,}[^:]{1,60}:\\s*(.*?)\\s*");

  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\".*");
  private static final Pattern NUMBERS =
      Pattern.compile("((?:[0-9A-Fa-f]{2}[ ,]+)*[0-9A-Fa-f]{2})(?:\\s*[\\[\"(].*)?");
  private static final Pattern NUMBER = Pattern.compile("([0-9A-Fa-f]{1,16})(?:\\s.*)?");

  private Listing() {}

  static Optional<TableText> read(List<String> lines, String signature) {
    byte[] bytes = new byte[0];
    var notes = new ArrayList<String>();
    long next = 0;
    for (String line : lines) {
      Matcher field = FIELD.matcher(line);
      Matcher template = TEMPLATE.matcher(line);
      boolean placed = field.matches();
      if (!placed && !template.matches()) {
        continue;
      }
      long offset = placed ? Long.parseLong(field.group(1), 16) : next;
      long length =
          placed ? Long.parseLong(field.group(2), 16) : Integer.parseInt(template.group(1));
      next = offset + length;
      if (offset + length > LARGEST) {
        notes.add("A field at offset " + offset + " lies beyond any table; it is left out.");
        continue;
      }
      if (bytes.length < offset + length) {
        bytes = Arrays.copyOf(bytes, (int) (offset + length));
      }
      put(placed ? field.group(3) : template.group(2), bytes, (int) offset, (int) length);
    }
    boolean found =
        bytes.length >= 8 && new String(bytes, 0, 4, StandardCharsets.ISO_8859_1).equals(signature);
    return found
        ? Optional.of(new TableText("iasl listing", bytes, TableText.checked(bytes, notes)))
        : Optional.empty();
  }

  private static void put(String value, byte[] bytes, int offset, int length) {
    Matcher quoted = QUOTED.matcher(value);
    if (quoted.matches()) {
      byte[] letters = quoted.group(1).getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(letters, 0, bytes, offset, Math.min(length, letters.length));
      return;
    }
    Matcher numbers = NUMBERS.matcher(value);
    Matcher number = NUMBER.matcher(value);
    if (numbers.matches()
        && numbers.group(1).length() > 2
        && numbers.group(1).matches(".*[ ,].*")) {
      String[] words = numbers.group(1).split("[ ,]+");
      for (int i = 0; i < Math.min(length, words.length); i++) {
        bytes[offset + i] = (byte) Integer.parseInt(words[i], 16);
      }
    } else if (number.matches()) {
      long plain = Long.parseUnsignedLong(number.group(1), 16);
      for (int i = 0; i < Math.min(length, 8); i++) {
        bytes[offset + i] = (byte) (plain >>> 8 * i);
      }
    }
  }
}
