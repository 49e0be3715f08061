package org.iommulab.evidence;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.iommulab.progress.FileInput;
import org.iommulab.words.WhyNot;

/**
 * The bytes of a file, mapped into memory. A gzip file is unpacked first: small ones into the heap,
 * large ones into a temporary file.
 *
 * @param path the file
 * @param bytes its contents, unpacked
 */
record FileBytes(Path path, MemorySegment bytes) {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int GZIP_MAGIC = 0x8B1F;
  private static final int HEAD = 1 << 16;
  private static final int IN_HEAP = 64 << 20;

  static FileBytes open(Path path) throws Unreadable {
    try {
      FileInput.refuseOthers(path);
      MemorySegment mapped = map(path);
      if (mapped.byteSize() == 0) {
        throw new Unreadable("%s is empty: copy it again.", path);
      }
      boolean packed = mapped.byteSize() > 2 && (mapped.get(SHORT, 0) & 0xFFFF) == GZIP_MAGIC;
      return new FileBytes(path, packed ? unpack(path) : mapped);
    } catch (NoSuchFileException e) {
      throw new Unreadable("There is no file %s.", path);
    } catch (AccessDeniedException e) {
      throw new Unreadable("%s may not be read by this user: change its permissions.", path);
    } catch (IOException e) {
      throw new Unreadable("%s cannot be read: %s.", path, WhyNot.read(e));
    }
  }

  /** The first bytes of a file, unpacked; none if they cannot be read. */
  static byte[] head(Path path, int length) {
    try (InputStream raw = new BufferedInputStream(FileInput.open(path))) {
      raw.mark(2);
      int magic = raw.read() | raw.read() << 8;
      raw.reset();
      InputStream in = magic == GZIP_MAGIC ? new GZIPInputStream(raw) : raw;
      return in.readNBytes(length);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  static MemorySegment map(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  private static MemorySegment unpack(Path path) throws IOException, Unreadable {
    try (InputStream packed = FileInput.open(path)) {
      return unpack(path, packed).bytes();
    }
  }

  /** Unpacks a gzip stream; the path is its name in messages. */
  static FileBytes unpack(Path path, InputStream packed) throws IOException, Unreadable {
    try (InputStream in = new GZIPInputStream(packed, 1 << 16)) {
      byte[] head = in.readNBytes(HEAD);
      long most = Unpacking.most(path, head);
      byte[] start = Arrays.copyOf(head, head.length);
      if (head.length == HEAD) {
        byte[] more = in.readNBytes(IN_HEAP - HEAD);
        start = Arrays.copyOf(head, HEAD + more.length);
        System.arraycopy(more, 0, start, HEAD, more.length);
      }
      if (start.length < IN_HEAP) {
        return new FileBytes(path, MemorySegment.ofArray(start));
      }
      Unpacking.allow(path, most, IN_HEAP);
      return new FileBytes(path, spill(path, start, in, most));
    } catch (EOFException e) {
      throw new Unreadable(
          "%s ends in the middle of its compressed data: the file is cut off, copy it again.",
          path);
    } catch (ZipException e) {
      throw new Unreadable(
          "%s is damaged, it cannot be unpacked (%s): copy it again.", path, WhyNot.read(e));
    }
  }

  private static MemorySegment spill(Path path, byte[] start, InputStream rest, long most)
      throws IOException, Unreadable {
    Path file = Files.createTempFile("iommu-lab-", ".dump");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write(start);
        byte[] part = new byte[1 << 20];
        long length = start.length;
        for (int read = rest.read(part); read >= 0; read = rest.read(part)) {
          length += read;
          Unpacking.allow(path, most, length);
          out.write(part, 0, read);
        }
      }
      return map(file);
    } finally {
      // Where a mapped file cannot be deleted, it goes when the program ends.
      if (!file.toFile().delete()) {
        file.toFile().deleteOnExit();
      }
    }
  }

  long size() {
    return bytes.byteSize();
  }

  int u8(long at) {
    return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  int u16(long at) {
    return bytes.get(SHORT, at) & 0xFFFF;
  }

  long u32(long at) {
    return bytes.get(INT, at) & 0xFFFF_FFFFL;
  }

  long i64(long at) {
    return bytes.get(LONG, at);
  }

  /** Bytes of a range that lies inside the file. */
  byte[] array(long at, int length) {
    return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** As many of the first bytes as tell what it is. */
  byte[] head() {
    return array(0, (int) Math.min(org.iommulab.evidence.kind.Content.ENOUGH, size()));
  }

  /** The first bytes as text, for magic numbers. */
  String magic(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(length, size()); i++) {
      text.append((char) u8(i));
    }
    return text.toString();
  }
}
