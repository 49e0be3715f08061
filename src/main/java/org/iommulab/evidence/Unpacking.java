package org.iommulab.evidence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * How much a packed file may unpack to, told by its first bytes: a few megabytes can hold thousands
 * of times as much.
 */
final class Unpacking {

  /** Texts and tables are smaller. */
  private static final long SMALL = 64 << 20;

  /** More than any machine whose memory somebody packs into a file. */
  static final long LARGEST_IMAGE = 1L << 40;

  private static final int MOST_SEGMENTS = 0xFFFF;
  private static final int PROGRAM_HEADER_BYTES = 56;

  private Unpacking() {}

  /**
   * The most bytes such a beginning allows.
   *
   * @throws Unreadable if no file that we read begins like that
   */
  static long most(Path path, byte... head) throws Unreadable {
    String magic = new String(head, 0, Math.min(8, head.length), StandardCharsets.ISO_8859_1);
    if (magic.startsWith(ElfCore.MAGIC)) {
      return coreBytes(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN));
    }
    boolean image =
        magic.startsWith(LimeImage.MAGIC)
            || magic.startsWith(CompressedDump.MAGIC)
            || magic.startsWith(CompressedDump.OLD_MAGIC)
            || FlattenedDump.MAGIC.startsWith(magic) && !magic.isEmpty();
    if (image || SnapshotFolder.isRawImage(path)) {
      return LARGEST_IMAGE;
    }
    if (head.length > 0 && head[0] == 0) {
      throw new Unreadable("%s, unpacked, %s", path, UnknownFile.describe(head, head.length));
    }
    return SMALL;
  }

  /**
   * The end of the last segment that the program headers tell of, and room for what lies behind.
   */
  private static long coreBytes(ByteBuffer head) {
    if (head.limit() < 64) {
      return SMALL;
    }
    long table = head.getLong(0x20);
    int count = head.getShort(0x38) & MOST_SEGMENTS;
    long end = SMALL;
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * PROGRAM_HEADER_BYTES;
      if (at < 0 || at + PROGRAM_HEADER_BYTES > head.limit()) {
        return LARGEST_IMAGE;
      }
      long segment = head.getLong((int) at + 8) + head.getLong((int) at + 0x20);
      end = Math.max(end, segment + SMALL);
    }
    return Math.min(end, LARGEST_IMAGE);
  }

  /** Complains about a file that unpacks to more than its beginning says. */
  static void allow(Path path, long most, long length) throws Unreadable {
    if (length > most) {
      throw new Unreadable(
          "%s unpacks to more than %d MiB, which its first bytes do not account for: unpack it and"
              + " look what it is.",
          path, most >> 20);
    }
  }
}
