package org.iommulab.evidence;

import io.airlift.compress.v3.Decompressor;
import io.airlift.compress.v3.lzo.LzoDecompressor;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** How a page of a compressed dump is packed: bits of its descriptor's flags. */
enum PageCompression {
  ZLIB(1),
  LZO(2),
  SNAPPY(4),
  ZSTD(0x20);

  private static final int PAGE = PhysicalMemory.FRAME_BYTES;

  private final int flag;

  PageCompression(int flag) {
    this.flag = flag;
  }

  /** The 4096 bytes of a page; null if the packed bytes are damaged. */
  static byte @Nullable [] unpack(long flags, byte... packed) {
    for (PageCompression kind : values()) {
      if ((flags & kind.flag) != 0) {
        return kind.page(packed);
      }
    }
    return packed.length == PAGE ? packed : null;
  }

  private byte @Nullable [] page(byte... packed) {
    try {
      var page = new byte[PAGE];
      int length =
          switch (this) {
            case ZLIB -> inflate(packed, page);
            case LZO -> unpack(new LzoDecompressor(), packed, page);
            case SNAPPY -> unpack(new SnappyJavaDecompressor(), packed, page);
            case ZSTD -> unpack(new ZstdJavaDecompressor(), packed, page);
          };
      return length == PAGE ? page : null;
    } catch (DataFormatException | RuntimeException e) {
      // The decompressors answer damaged input with exceptions of many kinds.
      return null;
    }
  }

  private static int unpack(Decompressor decompressor, byte[] packed, byte[] page) {
    return decompressor.decompress(packed, 0, packed.length, page, 0, page.length);
  }

  private static int inflate(byte[] packed, byte[] page) throws DataFormatException {
    try (var inflater = new Inflater()) {
      inflater.setInput(packed);
      return inflater.inflate(page);
    }
  }
}
