package org.iommulab.progress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that reports how much of it has been read. */
final class CountedInput extends FilterInputStream {

  /** Bytes between two reports. */
  private static final long OFTEN = 1 << 16;

  private final long total;
  private long read;
  private long reported;

  /**
   * Counts a stream.
   *
   * @param total how many bytes it has; 0 if that is not known
   */
  CountedInput(InputStream in, long total) {
    super(in);
    this.total = total;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    count(count);
    return count;
  }

  @Override
  public long skip(long wanted) throws IOException {
    long skipped = super.skip(wanted);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long more) {
    read += Math.max(0, more);
    if (read - reported >= OFTEN) {
      reported = read;
      Progress.report(read, total);
    }
  }
}
