package org.iommulab.evidence;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iommulab.words.WhyNot;

/**
 * A dump that was sent through a pipe ({@code makedumpfile -F}, QEMU's {@code dump-guest-memory
 * -z}): pieces of the file in the order they were written, each with the place it belongs. They are
 * put in place in a temporary file.
 */
final class FlattenedDump {

  static final String MAGIC = "makedumpfile";

  private static final int HEADER_BYTES = 4096;
  private static final int RECORD_BYTES = 16;
  private static final ValueLayout.OfLong BIG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private FlattenedDump() {}

  /** The file as it would lie on a disk. */
  static FileBytes rearrange(FileBytes file) throws Unreadable {
    try {
      Path target = Files.createTempFile("iommu-lab-", ".dump");
      try {
        copy(file, target);
        return new FileBytes(file.path(), FileBytes.map(target));
      } finally {
        // Where a mapped file cannot be deleted, it goes when the program ends.
        if (!target.toFile().delete()) {
          target.toFile().deleteOnExit();
        }
      }
    } catch (IOException e) {
      throw new Unreadable(
          "%s cannot be put in order in a temporary file: %s.", file.path(), WhyNot.read(e));
    }
  }

  private static void copy(FileBytes file, Path target) throws IOException, Unreadable {
    try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
      long at = HEADER_BYTES;
      while (true) {
        if (at > file.size() - RECORD_BYTES) {
          throw cutOff(file, at + RECORD_BYTES);
        }
        long offset = file.bytes().get(BIG, at);
        long size = file.bytes().get(BIG, at + 8);
        if (offset == -1 && size == -1) {
          return;
        }
        at += RECORD_BYTES;
        // Blocks of zeros may be left out, but not more than any machine has.
        if (offset < 0 || size <= 0 || offset > Unpacking.LARGEST_IMAGE) {
          throw new Unreadable(
              "%s has a record at offset 0x%x that leads nowhere: the file is damaged.",
              file.path(), at - RECORD_BYTES);
        }
        if (size > file.size() - at) {
          throw cutOff(file, at + size);
        }
        write(out, offset, file.bytes().asSlice(at, size));
        at += size;
      }
    }
  }

  private static void write(FileChannel out, long offset, MemorySegment bytes) throws IOException {
    long done = 0;
    while (done < bytes.byteSize()) {
      long length = Math.min(bytes.byteSize() - done, 1 << 20);
      ByteBuffer part = bytes.asSlice(done, length).asByteBuffer();
      long at = offset + done;
      while (part.hasRemaining()) {
        at += out.write(part, at);
      }
      done += length;
    }
  }

  private static Unreadable cutOff(FileBytes file, long needed) {
    return new Unreadable(
        "%s is cut off: a record ends at offset 0x%x, the file has %d bytes; copy it again.",
        file.path(), needed, file.size());
  }
}
