package org.iommulab.evidence.kind;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Looks at the beginning of a file and its size. */
public final class Content {

  /** How many bytes of a file are enough to tell. */
  public static final int ENOUGH = 1 << 16;

  private static final int TAR_MAGIC = 257;
  private static final int TABLE_HEADER = 48;

  /** A log begins with "DMAR: ", a table that was cut with nothing but its signature. */
  private static final int SHORTEST_TEXT = 6;

  private Content() {}

  /**
   * Tells what it is.
   *
   * @param head the first bytes, unpacked if they were packed; {@link #ENOUGH} of them or all
   * @param size of the whole
   */
  public static Kind of(byte[] head, long size) {
    if (head.length == 0) {
      return Kind.EMPTY;
    }
    Kind container = container(head);
    if (container != Kind.BINARY) {
      return container;
    }
    if (isTable(head, size)) {
      return Kind.DMAR_TABLE;
    }
    if (isWide(head)) {
      return TextForms.of(new String(head, wide(head)).replace("\uFEFF", ""));
    }
    if (isPrintable(head)) {
      return TextForms.of(new String(head, StandardCharsets.UTF_8));
    }
    return Kind.BINARY;
  }

  private static Kind container(byte[] head) {
    if (starts(head, "\u007fELF")) {
      return Kind.ELF_CORE;
    }
    if (starts(head, "EMiL")) {
      return Kind.LIME_IMAGE;
    }
    if (starts(head, "KDUMP   ") || starts(head, "DISKDUMP") || starts(head, "makedumpfile\0")) {
      return Kind.KDUMP;
    }
    if (starts(head, "\u001f\u008b\u0008")) {
      return Kind.GZIP;
    }
    if (starts(head, "\u00fd7zXZ\0")) {
      return Kind.XZ;
    }
    if (starts(head, "PK\u0003\u0004")) {
      return Kind.ZIP;
    }
    boolean tar =
        head.length > TAR_MAGIC + 5
            && new String(head, TAR_MAGIC, 5, StandardCharsets.ISO_8859_1).equals("ustar");
    return tar ? Kind.TAR : Kind.BINARY;
  }

  private static boolean starts(byte[] head, String magic) {
    byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= bytes.length
        && java.util.Arrays.equals(head, 0, bytes.length, bytes, 0, bytes.length);
  }

  /** A table has a length that fits, or at least a header that no text has. */
  private static boolean isTable(byte[] head, long size) {
    if (starts(head, "DMAR") && size < SHORTEST_TEXT) {
      return true;
    }
    if (!starts(head, "DMAR") || head.length < TABLE_HEADER && isPrintable(head)) {
      return false;
    }
    if (head.length < 8) {
      return false;
    }
    long length =
        head[4] & 0xFF | (head[5] & 0xFF) << 8 | (head[6] & 0xFF) << 16 | (head[7] & 0xFFL) << 24;
    return length == size || !isPrintable(head);
  }

  private static boolean isWide(byte[] head) {
    return head.length >= 16 && (wideMark(head) || zeros(head, 0) || zeros(head, 1));
  }

  private static boolean wideMark(byte[] head) {
    int mark = (head[0] & 0xFF) << 8 | head[1] & 0xFF;
    return mark == 0xFEFF || mark == 0xFFFE;
  }

  private static boolean zeros(byte[] head, int from) {
    int zeros = 0;
    int others = 0;
    for (int i = 0; i + 1 < head.length; i += 2) {
      zeros += head[i + from] == 0 ? 1 : 0;
      others += head[i + 1 - from] == 0 || isControl(head[i + 1 - from]) ? 1 : 0;
    }
    return zeros > head.length * 2 / 5 && others * 40 <= head.length;
  }

  private static java.nio.charset.Charset wide(byte[] head) {
    boolean big = (head[0] & 0xFF) == 0xFE && (head[1] & 0xFF) == 0xFF || zeros(head, 0);
    return big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
  }

  private static boolean isControl(byte letter) {
    return letter >= 0 && letter < 0x20 && "\t\n\r\f\u001b\u001e\b".indexOf(letter) < 0;
  }

  /** Nearly everything can be printed; serial consoles lose a byte now and then. */
  static boolean isPrintable(byte[] head) {
    int control = 0;
    for (byte letter : head) {
      if (isControl(letter) || letter == 0x7F) {
        control++;
      }
    }
    return control * 200 <= head.length;
  }

  /**
   * What a file looked like that is none of the kinds that can be opened.
   *
   * @param size of the whole, or -1 if that is not known
   */
  public static String describe(byte[] head, long size) {
    Kind kind = of(head, size);
    if (kind == Kind.BINARY) {
      var hex = new StringBuilder();
      for (int i = 0; i < Math.min(8, head.length); i++) {
        hex.append(String.format(Locale.ROOT, "%02x ", head[i] & 0xFF));
      }
      String what = size < 0 ? "binary data" : "a binary file of " + size + " bytes";
      return what + " that starts with " + hex.toString().strip();
    }
    return kind.words().english();
  }
}
