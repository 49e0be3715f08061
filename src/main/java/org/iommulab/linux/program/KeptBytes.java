package org.iommulab.linux.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a session has to keep for as long as it can be repeated. Structures of system calls
 * stay in memory; pages, of which a device may read a gigabyte a minute, go to files that nobody
 * else sees and that the system takes back with the last of what lies in them.
 */
public final class KeptBytes {

  /** What is longer lies in a file. */
  private static final int IN_MEMORY = 512;

  private static final long FILE_BYTES = 64L << 20;

  private static @Nullable Spill filling;

  private final byte @Nullable [] bytes;
  private final @Nullable Spill file;
  private final long offset;
  private final int length;

  private KeptBytes(byte @Nullable [] bytes, @Nullable Spill file, long offset, int length) {
    this.bytes = bytes;
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  /** Keeps bytes; the array may be used for something else afterwards. */
  public static KeptBytes of(byte[] bytes) {
    if (bytes.length > IN_MEMORY) {
      try {
        return spilled(bytes);
      } catch (IOException e) {
        // No room for files: memory has them as long as there is any.
      }
    }
    return new KeptBytes(bytes.clone(), null, 0, bytes.length);
  }

  private static synchronized KeptBytes spilled(byte[] bytes) throws IOException {
    Spill now = filling;
    if (now == null || now.end >= FILE_BYTES) {
      now = new Spill();
      filling = now;
    }
    long at = now.end;
    now.append(bytes);
    return new KeptBytes(null, now, at, bytes.length);
  }

  /** How many there are. */
  public int length() {
    return length;
  }

  /** A copy of them. */
  public byte[] get() {
    byte[] own = bytes;
    if (own != null) {
      return own.clone();
    }
    byte[] copy = new byte[length];
    if (file != null) {
      file.read(offset, copy);
    }
    return copy;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeptBytes that
        && length == that.length
        && Arrays.equals(get(), that.get());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(get());
  }

  /** A file without a name; closed when nothing of it is reachable any more. */
  private static final class Spill {

    private final FileChannel channel;
    private long end;

    Spill() throws IOException {
      Path path = Files.createTempFile("iommu-lab", ".kept");
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }

    void append(byte[] bytes) throws IOException {
      var rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest, end + rest.position());
      }
      end += bytes.length;
    }

    void read(long offset, byte[] target) {
      try {
        var rest = ByteBuffer.wrap(target);
        while (rest.hasRemaining()) {
          if (channel.read(rest, offset + rest.position()) < 0) {
            throw new IOException("what was kept of the session is gone");
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
