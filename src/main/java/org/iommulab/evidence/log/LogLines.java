package org.iommulab.evidence.log;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into lines, in one pass and with one buffer. A line longer than the buffer is cut
 * into pieces of its size.
 */
final class LogLines {

  private static final int BUFFER = 1 << 20;

  private final Keywords keywords;

  LogLines(Keywords keywords) {
    this.keywords = keywords;
  }

  /** Who wants the lines. */
  interface Reader {

    /**
     * One line, without its line feed.
     *
     * @param bytes the buffer; it changes after the call
     * @param number of the line, from 1
     * @param marks of the words in it
     */
    void line(byte[] bytes, int from, int to, long number, long marks);
  }

  /**
   * Reads everything.
   *
   * @return number of bytes
   * @throws IOException if the stream cannot be read
   */
  long read(InputStream in, Reader reader) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long[] marks = new long[1];
    long total = 0;
    long number = 1;
    int filled = 0;
    boolean more = true;
    while (more) {
      int count = in.read(buffer, filled, buffer.length - filled);
      more = count >= 0;
      total += Math.max(count, 0);
      int limit = filled + Math.max(count, 0);
      int start = 0;
      while (start < limit) {
        marks[0] = 0;
        int end = keywords.scanLine(buffer, start, limit, marks);
        boolean whole = end < limit || !more || limit - start == buffer.length;
        if (!whole) {
          break;
        }
        reader.line(buffer, start, end, number, marks[0]);
        if (end < limit) {
          number++;
        }
        start = Math.min(end + 1, limit);
      }
      filled = limit - start;
      if (filled > 0 && start > 0) {
        System.arraycopy(buffer, start, buffer, 0, filled);
      }
    }
    return total;
  }

  /** A copy of the range, for a reader that keeps a line. */
  static byte[] copy(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
