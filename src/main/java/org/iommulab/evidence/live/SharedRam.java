package org.iommulab.evidence.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iommulab.memory.PhysicalMemory;

/**
 * The file that a guest's memory is shared through, opened for reading. It is read page by page and
 * not mapped: should QEMU cut it, that is a page less, and no fault in our own process.
 */
final class SharedRam implements AutoCloseable {

  private final FileChannel file;
  private final long offset;

  private SharedRam(FileChannel file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  /**
   * Opens it.
   *
   * @param offset where the memory begins in the file
   */
  static SharedRam open(Path path, long offset) throws IOException {
    return new SharedRam(FileChannel.open(path, StandardOpenOption.READ), offset);
  }

  /** Reads the page at an offset of the memory; false if the file has none there. */
  boolean page(long at, long[] frame) {
    ByteBuffer bytes =
        ByteBuffer.allocate(PhysicalMemory.FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, offset + at + bytes.position()) < 0) {
          return false;
        }
      }
    } catch (IOException e) {
      return false;
    }
    bytes.flip().asLongBuffer().get(frame);
    return true;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
