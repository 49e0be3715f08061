package org.iommulab.evidence.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A tar stream: ustar, with the long names of GNU and of POSIX.
 *
 * <pre>
 *   0 name · 124 size (octal, or binary) · 148 checksum · 156 type · 257 "ustar" · 345 prefix
 * </pre>
 */
final class TarReader {

  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int PREFIX = 345;
  private static final int LONGEST_NOTE = 1 << 20;

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private @Nullable String longName;
  private String name = "";
  private long left;
  private long padding;
  private boolean file;

  TarReader(InputStream in) {
    this.in = in;
  }

  /** Steps to the next entry; false at the end. */
  boolean next() throws IOException {
    skip(left + padding);
    left = 0;
    padding = 0;
    while (true) {
      int count = in.readNBytes(header, 0, BLOCK);
      if (count == 0 || isZero()) {
        return false;
      }
      if (count < BLOCK) {
        throw new EOFException("it ends in the middle of an entry");
      }
      check();
      long size = size();
      char type = (char) (header[TYPE] & 0xFF);
      if (type == 'L' || type == 'x') {
        note(type, size);
        continue;
      }
      if (type == 'g' || type == 'K') {
        skip(size + pad(size));
        continue;
      }
      begin(type, size);
      return true;
    }
  }

  private void begin(char type, long size) {
    String prefix = text(PREFIX, 155);
    String plain = text(0, NAME);
    name = longName != null ? longName : prefix.isEmpty() ? plain : prefix + "/" + plain;
    longName = null;
    file = type == '0' || type == 0 || type == '7';
    left = size;
    padding = pad(size);
  }

  private static long pad(long size) {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  private boolean isZero() {
    for (byte value : header) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private void check() throws IOException {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : header[i] & 0xFF;
    }
    if (octal(CHECKSUM, 8) != sum) {
      throw new IOException("the checksum of an entry is wrong");
    }
  }

  private long size() throws IOException {
    long size;
    if ((header[SIZE] & 0x80) != 0) {
      size = 0;
      for (int i = SIZE + 4; i < SIZE + 12; i++) {
        size = size << 8 | header[i] & 0xFF;
      }
    } else {
      size = octal(SIZE, 12);
    }
    if (size < 0) {
      throw new IOException("the size of an entry is impossible");
    }
    return size;
  }

  private long octal(int at, int length) {
    long value = 0;
    for (int i = at; i < at + length; i++) {
      if (header[i] >= '0' && header[i] <= '7') {
        value = value * 8 + header[i] - '0';
      }
    }
    return value;
  }

  private String text(int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.UTF_8);
  }

  /** A long name before its entry. */
  private void note(char type, long size) throws IOException {
    if (size > LONGEST_NOTE) {
      throw new IOException("a name in it is longer than any name");
    }
    byte[] bytes = in.readNBytes((int) size);
    skip(pad(size));
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (type == 'L') {
      longName = text.replace("\0", "");
      return;
    }
    for (String line : text.split("\n")) {
      int at = line.indexOf(" path=");
      if (at > 0) {
        longName = line.substring(at + " path=".length());
      }
    }
  }

  private void skip(long count) throws IOException {
    in.skipNBytes(count);
  }

  String name() {
    return name;
  }

  boolean isFile() {
    return file;
  }

  /** The bytes of the entry. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
          throw new EOFException("it ends in the middle of " + name);
        }
        left -= count;
        return count;
      }
    };
  }
}
