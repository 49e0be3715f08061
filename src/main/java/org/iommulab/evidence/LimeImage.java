package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a LiME image: ranges of memory, each behind a 32-byte header. */
final class LimeImage {

  static final String MAGIC = "EMiL";

  private static final int HEADER_BYTES = 32;
  private static final long MAGIC_NUMBER = 0x4C69_4D45L;

  private final FileBytes file;

  LimeImage(FileBytes file) {
    this.file = file;
  }

  List<Piece> pieces() throws Unreadable {
    var pieces = new ArrayList<Piece>();
    for (long at = 0; at < file.size(); ) {
      if (at > file.size() - HEADER_BYTES) {
        throw new Unreadable(
            "%s is cut off: the range header at offset 0x%x needs %d bytes, the file has %d; copy"
                + " it again.",
            file.path(), at, at + HEADER_BYTES, file.size());
      }
      if (file.u32(at) != MAGIC_NUMBER) {
        throw new Unreadable(
            "%s has no LiME header at offset 0x%x where one must be: the file is damaged.",
            file.path(), at);
      }
      long start = file.i64(at + 8);
      long size = file.i64(at + 16) - start + 1;
      String name = String.format(Locale.ROOT, "the range at offset 0x%x of %s", at, file.path());
      MemoryPieces.checkRange(name, start, size);
      if (size > file.size() - at - HEADER_BYTES) {
        throw new Unreadable(
            "The file is cut off: %s (physical 0x%x) needs %d bytes, the file has %d; copy it"
                + " again.",
            name, start, at + HEADER_BYTES + size, file.size());
      }
      pieces.add(new Piece(start, size, file.bytes().asSlice(at + HEADER_BYTES, size)));
      at += HEADER_BYTES + size;
    }
    return pieces;
  }
}
