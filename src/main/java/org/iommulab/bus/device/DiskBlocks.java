package org.iommulab.bus.device;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The blocks of a disk, 512 bytes each. One that was never written holds its own number in every
 * quadword, below {@code D15C}, so that data tells where it came from.
 */
final class DiskBlocks {

  static final int LOG2_BYTES = 9;
  static final long COUNT = 1L << 30 - LOG2_BYTES;
  private static final int BYTES = 1 << LOG2_BYTES;
  private static final long UNWRITTEN = 0xD15C_0000_0000_0000L;

  private final Map<Long, byte[]> written = new TreeMap<>();

  byte[] read(long first, int count) {
    byte[] data = new byte[count * BYTES];
    for (int i = 0; i < count; i++) {
      System.arraycopy(block(first + i), 0, data, i * BYTES, BYTES);
    }
    return data;
  }

  private byte[] block(long number) {
    byte[] known = written.get(number);
    if (known != null) {
      return known;
    }
    long[] words = new long[BYTES / 8];
    Arrays.fill(words, UNWRITTEN | number);
    return Words.quadwords(words);
  }

  void write(long first, byte[] data) {
    for (int at = 0; at < data.length; at += BYTES) {
      written.put(first + at / BYTES, Arrays.copyOfRange(data, at, at + BYTES));
    }
  }
}
