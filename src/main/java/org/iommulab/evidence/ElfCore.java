package org.iommulab.evidence;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the memory out of an ELF64 core: its PT_LOAD segments by physical address. */
final class ElfCore {

  static final String MAGIC = "\u007fELF";

  private static final int HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int PT_LOAD = 1;
  private static final int COUNT_IN_SECTION = 0xFFFF;

  private final FileBytes file;

  ElfCore(FileBytes file) {
    this.file = file;
  }

  List<Piece> pieces() throws Unreadable {
    checkHeader();
    long table = file.i64(0x20);
    long count = programHeaders();
    long needed = count * PROGRAM_HEADER_BYTES;
    if (table < HEADER_BYTES || table > file.size() - needed) {
      throw new Unreadable(
          "%s is cut off: its %d program headers at offset 0x%x need %d bytes, the file has %d;"
              + " copy it again.",
          file.path(), count, table, table + needed, file.size());
    }
    var pieces = new ArrayList<Piece>();
    for (int i = 0; i < count; i++) {
      segment(i, table + (long) i * PROGRAM_HEADER_BYTES, pieces);
    }
    if (pieces.isEmpty()) {
      throw new Unreadable(
          "%s is an ELF core without memory (no PT_LOAD segment): dump the machine's memory again.",
          file.path());
    }
    return pieces;
  }

  private void checkHeader() throws Unreadable {
    if (file.size() < HEADER_BYTES) {
      throw new Unreadable(
          "%s is cut off: an ELF header has %d bytes, the file %d; copy it again.",
          file.path(), HEADER_BYTES, file.size());
    }
    if (file.u8(4) != 2) {
      throw new Unreadable(
          "%s is a 32-bit ELF file; a 64-bit core is needed, as QEMU's dump-guest-memory writes for"
              + " 64-bit guests.",
          file.path());
    }
    if (file.u8(5) != 1) {
      throw new Unreadable(
          "%s is a big-endian ELF file; VT-d machines are little-endian.", file.path());
    }
    int type = file.u16(0x10);
    if (type != 4) {
      throw new Unreadable(
          "%s is an ELF file of type %d, not a core (type 4): give a memory dump.",
          file.path(), type);
    }
    if (file.u16(0x36) != PROGRAM_HEADER_BYTES) {
      throw new Unreadable(
          "%s has program headers of %d bytes instead of %d: its ELF header is damaged.",
          file.path(), file.u16(0x36), PROGRAM_HEADER_BYTES);
    }
  }

  private long programHeaders() throws Unreadable {
    int count = file.u16(0x38);
    if (count != COUNT_IN_SECTION) {
      return count;
    }
    long section = file.i64(0x28);
    if (section < HEADER_BYTES || section > file.size() - SECTION_HEADER_BYTES) {
      throw new Unreadable(
          "%s keeps its number of segments in a section header at offset 0x%x that the file of %d"
              + " bytes does not have.",
          file.path(), section, file.size());
    }
    return file.u32(section + 0x2C);
  }

  private void segment(int index, long at, List<Piece> pieces) throws Unreadable {
    long offset = file.i64(at + 8);
    long physical = file.i64(at + 0x18);
    long inFile = file.i64(at + 0x20);
    long inMemory = file.i64(at + 0x28);
    if (file.u32(at) != PT_LOAD || inMemory == 0 && inFile == 0) {
      return;
    }
    String name =
        String.format(
            Locale.ROOT, "segment %d of %s (physical 0x%x)", index, file.path(), physical);
    if (offset < 0 || inFile < 0 || offset > file.size() || inFile > file.size() - offset) {
      throw new Unreadable(
          "The file is cut off: %s needs 0x%x bytes at offset 0x%x, the file has %d bytes; copy it"
              + " again.",
          name, inFile, offset, file.size());
    }
    MemoryPieces.checkRange(name, physical, Math.max(inMemory, inFile));
    MemorySegment bytes = file.bytes().asSlice(offset, inFile);
    pieces.add(new Piece(physical, Math.max(inMemory, inFile), bytes));
  }
}
