package org.iommulab.memory;

import java.lang.foreign.MemorySegment;

/**
 * A read-only file mapped at a physical address, which need not be that of a frame.
 *
 * @param start physical address of its first byte
 * @param bytes the file
 */
record MappedImage(long start, MemorySegment bytes) implements Image {

  @Override
  public boolean reaches(long pfn) {
    long offset = (pfn << 12) - start;
    return offset > -PhysicalMemory.FRAME_BYTES && offset < bytes.byteSize();
  }

  @Override
  public boolean copyInto(long pfn, long[] frame) {
    long offset = (pfn << 12) - start;
    long from = Math.max(offset, 0);
    long to = Math.min(offset + PhysicalMemory.FRAME_BYTES, bytes.byteSize());
    // JavaFX has no big-endian platform: the order of bytes in a long[] is that of the file.
    MemorySegment.copy(bytes, from, MemorySegment.ofArray(frame), from - offset, to - from);
    return true;
  }
}
