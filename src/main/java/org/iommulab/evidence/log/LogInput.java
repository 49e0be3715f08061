package org.iommulab.evidence.log;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** Undoes what a log may be wrapped in: gzip, UTF-16 with or without its mark. */
final class LogInput {

  private static final int PROBE = 4096;
  private static final int CHUNK = 1 << 16;

  private LogInput() {}

  /**
   * The text behind a stream.
   *
   * @throws IOException if the stream cannot be read or is damaged gzip
   */
  static InputStream open(InputStream raw) throws IOException {
    var in = new BufferedInputStream(raw, CHUNK);
    byte[] head = head(in);
    if (head.length > 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B) {
      return open(new GZIPInputStream(in, CHUNK));
    }
    Charset wide = wide(head);
    return wide == null ? in : new Narrowed(in, wide.newDecoder());
  }

  private static byte[] head(BufferedInputStream in) throws IOException {
    in.mark(PROBE);
    byte[] head = in.readNBytes(PROBE);
    in.reset();
    return head;
  }

  /** UTF-16 by its mark, or because every other byte is zero. */
  private static @org.jspecify.annotations.Nullable Charset wide(byte[] head) {
    if (head.length >= 2) {
      int mark = (head[0] & 0xFF) << 8 | head[1] & 0xFF;
      if (mark == 0xFEFF) {
        return StandardCharsets.UTF_16BE;
      }
      if (mark == 0xFFFE) {
        return StandardCharsets.UTF_16LE;
      }
    }
    int even = 0;
    int odd = 0;
    for (int i = 0; i < head.length; i++) {
      if (head[i] == 0) {
        if (i % 2 == 0) {
          even++;
        } else {
          odd++;
        }
      }
    }
    int enough = head.length * 2 / 5;
    if (head.length < 16) {
      return null;
    }
    return odd > enough && even < head.length / 20
        ? StandardCharsets.UTF_16LE
        : even > enough && odd < head.length / 20 ? StandardCharsets.UTF_16BE : null;
  }

  /** UTF-16 read as UTF-8. */
  private static final class Narrowed extends InputStream {

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer wide = ByteBuffer.allocate(CHUNK).limit(0);
    private final CharBuffer letters = CharBuffer.allocate(CHUNK);
    private ByteBuffer narrow = ByteBuffer.allocate(0);
    private boolean ended;

    Narrowed(InputStream in, CharsetDecoder decoder) {
      this.in = in;
      this.decoder =
          decoder
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    @Override
    public int read() throws IOException {
      return fill() ? narrow.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, narrow.remaining());
      narrow.get(target, offset, count);
      return count;
    }

    private boolean fill() throws IOException {
      while (!narrow.hasRemaining()) {
        if (ended) {
          return false;
        }
        wide.compact();
        int count = in.read(wide.array(), wide.position(), wide.remaining());
        ended = count < 0;
        wide.position(wide.position() + Math.max(count, 0)).flip();
        letters.clear();
        CoderResult result = decoder.decode(wide, letters, ended);
        if (result.isUnderflow() && ended) {
          decoder.flush(letters);
        }
        narrow = StandardCharsets.UTF_8.encode(letters.flip());
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
