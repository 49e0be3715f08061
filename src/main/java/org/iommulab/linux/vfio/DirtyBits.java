package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.linux.process.Process;

/**
 * The dirty bitmap of one mapping, with one spare word so that it can be shifted to where the
 * user's bitmap wants it. As in the kernel, bits that a shift leaves behind the mapping's own pages
 * stay there.
 */
final class DirtyBits {

  private final long[] words;
  private final int pages;

  DirtyBits(long pages) {
    this.pages = (int) pages;
    this.words = new long[(int) (pages + 63 >>> 6) + 1];
  }

  private void fill(boolean set) {
    int full = pages >>> 6;
    for (int i = 0; i < full; i++) {
      words[i] = set ? -1L : 0;
    }
    long rest = (1L << (pages & 63)) - 1;
    words[full] = set ? words[full] | rest : words[full] & ~rest;
  }

  /**
   * {@code update_user_bitmap()}: every page of a device that cannot tell counts as dirty.
   *
   * @param offsetPages page of the user's bitmap at which this mapping begins
   * @return false if the user's bitmap cannot be reached
   */
  boolean copyTo(Process process, long user, long offsetPages) {
    fill(true);
    int shift = (int) (offsetPages & 63);
    long target = user + (offsetPages >>> 6) * 8;
    if (shift != 0) {
      shiftLeft(shift);
      byte[] before = new byte[8];
      if (!process.read(target, before)) {
        return false;
      }
      long old = ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN).getLong();
      words[0] |= old & (1L << shift) - 1;
    }
    int bytes = (int) (pages + shift + 63 >>> 6) * 8;
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes / 8; i++) {
      out.putLong(words[i]);
    }
    return process.write(target, out.array());
  }

  /** What is dirty has been told: starts afresh. */
  void clear() {
    fill(false);
  }

  private void shiftLeft(int shift) {
    for (int i = words.length - 1; i >= 0; i--) {
      long carry = i > 0 ? words[i - 1] >>> 64 - shift : 0;
      words[i] = words[i] << shift | carry;
    }
  }
}
