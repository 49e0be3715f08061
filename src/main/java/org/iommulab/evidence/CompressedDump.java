package org.iommulab.evidence;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.memory.PageLoader;
import org.iommulab.memory.PhysicalMemory;

/**
 * Reads the compressed dumps of makedumpfile and of QEMU's {@code dump-guest-memory -z}: a header,
 * two bitmaps of page numbers (which are RAM, which are in the file), a descriptor for each page in
 * the file, and the pages, each compressed by itself. Pages are unpacked when they are first looked
 * at. Layout: IMPLEMENTATION file and {@code diskdump_mod.h} of makedumpfile.
 *
 * <p>RAM whose pages were left out (zero, free, cache and user pages, by dump level) reads as zero.
 */
final class CompressedDump implements PageLoader {

  static final String MAGIC = "KDUMP   ";
  static final String OLD_MAGIC = "DISKDUMP";

  private static final int VERSION = 8;
  private static final int BLOCK_SIZE = 428;
  private static final int SUB_HEADER_BLOCKS = 432;
  private static final int BITMAP_BLOCKS = 436;
  private static final int MAX_PFN = 440;
  private static final int HEADER_BYTES = 464;
  private static final int SUB_DUMP_LEVEL = 8;
  private static final int SUB_SPLIT = 12;
  private static final int SUB_MAX_PFN = 96;
  private static final int SUB_BYTES = 104;
  private static final int WIDE_VERSION = 6;
  private static final int DESCRIPTOR_BYTES = 24;
  private static final int WORD_BITS = 64;
  private static final int RANK_WORDS = 8;
  private static final int SECTION_BYTES = 1 << 16;
  private static final long MOST_PAGES = PhysicalMemory.LIMIT / PhysicalMemory.FRAME_BYTES;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final FileBytes file;
  private final long pages;
  private final MemorySegment ram;
  private final MemorySegment inFile;
  private final long[] ranks;
  private final long descriptors;
  private final boolean isPart;
  private final int level;

  CompressedDump(FileBytes file) throws Unreadable {
    this.file = file;
    if (file.size() < HEADER_BYTES) {
      throw cutOff("its header has %d bytes", HEADER_BYTES);
    }
    long block = file.u32(BLOCK_SIZE);
    if (block != PhysicalMemory.FRAME_BYTES) {
      throw new Unreadable(
          "%s has pages of %d bytes; x86 machines have 4096: the header is damaged, or the dump is"
              + " of another machine.",
          file.path(), block);
    }
    long subHeader = file.u32(SUB_HEADER_BLOCKS);
    long bitmapBytes = file.u32(BITMAP_BLOCKS) * block;
    long bitmaps = block * (1 + subHeader);
    boolean hasSub = subHeader > 0 && file.size() >= block + SUB_BYTES;
    boolean wide = hasSub && file.u32(VERSION) >= WIDE_VERSION;
    pages = wide ? file.i64(block + SUB_MAX_PFN) : file.u32(MAX_PFN);
    level = hasSub ? (int) file.u32(block + SUB_DUMP_LEVEL) : 0;
    isPart = hasSub && file.u32(block + SUB_SPLIT) != 0;
    if (pages <= 0 || pages > MOST_PAGES) {
      throw new Unreadable(
          "%s tells of %d pages, which no machine has: its header is damaged.", file.path(), pages);
    }
    if (bitmaps > file.size() || bitmapBytes > file.size() - bitmaps) {
      throw cutOff("its page bitmaps end at offset 0x%x", bitmaps + bitmapBytes);
    }
    long needed = Math.ceilDiv(pages, WORD_BITS) * Long.BYTES;
    // Old dumps have one bitmap only, of the pages that are in the file.
    boolean two = bitmapBytes >= 2 * Math.ceilDiv(Math.ceilDiv(pages, 8), block) * block;
    long each = two ? bitmapBytes / 2 : bitmapBytes;
    if (each < Math.ceilDiv(pages, 8)) {
      throw new Unreadable(
          "%s has a bitmap of %d bytes for %d pages: its header is damaged.",
          file.path(), each, pages);
    }
    ram = file.bytes().asSlice(bitmaps, Math.min(needed, each));
    inFile = file.bytes().asSlice(bitmaps + bitmapBytes - each, Math.min(needed, each));
    descriptors = bitmaps + bitmapBytes;
    ranks = new long[(int) Math.ceilDiv(pages, WORD_BITS * RANK_WORDS) + 1];
    long stored = count();
    if (stored > (file.size() - descriptors) / DESCRIPTOR_BYTES) {
      throw cutOff("it has %d page descriptors from offset 0x%x on", stored, descriptors);
    }
  }

  private Unreadable cutOff(String what, Object... facts) {
    return new Unreadable(
        "%s is cut off: %s, the file has %d; copy it again.",
        file.path(), String.format(java.util.Locale.ROOT, what, facts), file.size());
  }

  private long word(MemorySegment bitmap, long index) {
    long value = 0;
    long at = index * Long.BYTES;
    if (at + Long.BYTES <= bitmap.byteSize()) {
      value = bitmap.get(WORD, at);
    } else {
      for (long i = at; i < bitmap.byteSize(); i++) {
        value |= (bitmap.get(ValueLayout.JAVA_BYTE, i) & 0xFFL) << 8 * (i - at);
      }
    }
    long beyond = (index + 1) * WORD_BITS - pages;
    return beyond > 0 ? value & -1L >>> beyond : value;
  }

  /** Counts the pages in the file, and remembers how many lie before each group of 512. */
  private long count() {
    long stored = 0;
    long words = Math.ceilDiv(pages, WORD_BITS);
    for (long index = 0; index < words; index++) {
      if (index % RANK_WORDS == 0) {
        ranks[(int) (index / RANK_WORDS)] = stored;
      }
      stored += Long.bitCount(word(inFile, index));
    }
    return stored;
  }

  /** Runs of RAM, as the first bitmap has them. */
  List<Piece> pieces() throws Unreadable {
    var pieces = new ArrayList<Piece>();
    long start = -1;
    long words = Math.ceilDiv(pages, WORD_BITS);
    for (long index = 0; index <= words; index++) {
      long bits = index == words ? 0 : word(ram, index) | word(inFile, index);
      if (bits == 0 && start < 0 || bits == -1 && start >= 0) {
        continue;
      }
      for (int bit = 0; bit < WORD_BITS; bit++) {
        boolean set = (bits >>> bit & 1) != 0;
        long pfn = index * WORD_BITS + bit;
        if (set && start < 0) {
          start = pfn;
        } else if (!set && start >= 0) {
          pieces.add(piece(start, pfn));
          start = -1;
        }
      }
    }
    if (pieces.isEmpty()) {
      throw new Unreadable(
          "%s is a compressed dump without pages: dump the machine's memory again.", file.path());
    }
    return pieces;
  }

  private Piece piece(long from, long to) {
    long start = from * PhysicalMemory.FRAME_BYTES;
    long bytes = (to - from) * PhysicalMemory.FRAME_BYTES;
    return new Piece(start, bytes, new Store.Fetched(start, bytes, this));
  }

  /** What a person should know about it. */
  List<String> warnings() {
    var warnings = new ArrayList<String>();
    if (isPart) {
      warnings.add(
          "The dump is one part of several (makedumpfile --split): pages of the other parts read as"
              + " zero; join them with \"makedumpfile --reassemble\".");
    }
    if (level > 1) {
      warnings.add(
          "The dump was made with level "
              + level
              + ": pages that it leaves out (cache, user, free) read as zero.");
    }
    return warnings;
  }

  @Override
  public boolean load(long pfn, long[] frame) {
    if (pfn < 0 || pfn >= pages) {
      return false;
    }
    long index = pfn / WORD_BITS;
    long bits = word(inFile, index);
    long mask = 1L << pfn % WORD_BITS;
    if ((bits & mask) == 0) {
      return true;
    }
    long rank = ranks[(int) (index / RANK_WORDS)] + Long.bitCount(bits & mask - 1);
    for (long before = index / RANK_WORDS * RANK_WORDS; before < index; before++) {
      rank += Long.bitCount(word(inFile, before));
    }
    return page(descriptors + rank * DESCRIPTOR_BYTES, frame);
  }

  private boolean page(long descriptor, long[] frame) {
    long offset = file.i64(descriptor);
    long size = file.u32(descriptor + 8);
    long flags = file.u32(descriptor + 12);
    if (offset < 0 || size > SECTION_BYTES || offset > file.size() - size) {
      return false;
    }
    byte[] packed = file.array(offset, (int) size);
    byte[] page = PageCompression.unpack(flags, packed);
    if (page == null) {
      return false;
    }
    MemorySegment.copy(
        MemorySegment.ofArray(page), 0, MemorySegment.ofArray(frame), 0, page.length);
    return true;
  }
}
