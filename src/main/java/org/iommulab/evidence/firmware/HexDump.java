package org.iommulab.evidence.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes printed as hexadecimal numbers: {@code acpidump}, {@code xxd}, {@code hexdump} with and
 * without {@code -C}, {@code od}, the raw part of an {@code iasl} listing.
 */
final class HexDump {

  private static final int LARGEST = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile(
          "[\\s>|]*(?:0x)?([0-9a-fA-F]{4,16}):?[ \\t]+"
              + "((?:[0-9a-fA-F]{2,8}[ \\t-]{1,3}){0,15}[0-9a-fA-F]{2,8})"
              + "(?:(?:[ \\t]{2,}|[ \\t]*\\|).*)?\\s*");
  private static final Pattern NAMED = Pattern.compile("\\s*(\\w{4}) @ (?:0x)?[0-9a-fA-F]{1,16}.*");

  private HexDump() {}

  static Optional<TableText> find(List<String> lines, String signature) {
    var bytes = new ByteArrayOutputStream();
    String name = null;
    long next = 0;
    for (String line : lines) {
      Matcher named = NAMED.matcher(line);
      Matcher hex = LINE.matcher(line);
      boolean heads = named.matches();
      if (!heads && hex.matches() && bytes.size() < LARGEST) {
        long offset = Long.parseUnsignedLong(hex.group(1), 16);
        if (offset == 0 || offset != next && octal(hex.group(1)) != next) {
          Optional<TableText> before = table(bytes, name, signature);
          if (before.isPresent()) {
            return before;
          }
          bytes.reset();
          next = offset;
        }
        int before = bytes.size();
        add(hex.group(2), bytes);
        next += bytes.size() - before;
      } else if (heads || !line.isBlank() && bytes.size() > 0) {
        Optional<TableText> before = table(bytes, name, signature);
        if (before.isPresent()) {
          return before;
        }
        bytes.reset();
        name = heads ? named.group(1) : name;
      }
    }
    return table(bytes, name, signature);
  }

  /** {@code od} counts in eights unless it is told otherwise. */
  private static long octal(String digits) {
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static void add(String columns, ByteArrayOutputStream bytes) {
    for (String word : columns.trim().split("[ \\t-]+")) {
      for (int i = 0; i + 1 < word.length(); i += 2) {
        bytes.write(Integer.parseInt(word.substring(i, i + 2), 16));
      }
    }
  }

  private static Optional<TableText> table(
      ByteArrayOutputStream out, @Nullable String name, String signature) {
    byte[] bytes = out.toByteArray();
    if (bytes.length < 8) {
      return Optional.empty();
    }
    if (!starts(bytes, signature)) {
      bytes = swapped(bytes);
    }
    if (!starts(bytes, signature)) {
      return Optional.empty();
    }
    long length = TableText.word(bytes);
    byte[] table =
        length >= 8 && length < bytes.length ? java.util.Arrays.copyOf(bytes, (int) length) : bytes;
    return Optional.of(
        new TableText(
            name == null ? "hex dump" : "acpidump", table, TableText.checked(table, List.of())));
  }

  private static boolean starts(byte[] bytes, String signature) {
    return new String(bytes, 0, 4, StandardCharsets.ISO_8859_1).equals(signature);
  }

  /** {@code hexdump} prints 16-bit words of a little-endian machine. */
  private static byte[] swapped(byte[] bytes) {
    byte[] other = bytes.clone();
    for (int i = 0; i + 1 < other.length; i += 2) {
      other[i] = bytes[i + 1];
      other[i + 1] = bytes[i];
    }
    return other;
  }
}
