package org.iommulab.evidence;

import java.lang.foreign.MemorySegment;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PageLoader;
import org.iommulab.memory.PhysicalMemory;

/** Where the bytes of a piece of memory are. */
sealed interface Store {

  /** How many bytes there are. */
  long held();

  /** A part of it. */
  Store slice(long from, long to);

  /** Lays it under memory at a physical address. */
  void under(PhysicalMemory memory, long start);

  /**
   * Copies one page without keeping it.
   *
   * @param at offset of the page
   * @param frame 512 quadwords; those that are not held become zero
   * @return false if it cannot be had
   */
  boolean page(long at, long[] frame);

  /** A part of a file mapped into memory. */
  record Mapped(MemorySegment bytes) implements Store {

    @Override
    public long held() {
      return bytes.byteSize();
    }

    @Override
    public Store slice(long from, long to) {
      return new Mapped(bytes.asSlice(from, to - from));
    }

    @Override
    public void under(PhysicalMemory memory, long start) {
      memory.underlay(start, bytes);
    }

    @Override
    public boolean page(long at, long[] frame) {
      long length = Math.clamp(held() - at, 0, PhysicalMemory.FRAME_BYTES);
      var target = MemorySegment.ofArray(frame);
      target.fill((byte) 0);
      if (length > 0) {
        MemorySegment.copy(bytes, at, target, 0, length);
      }
      return true;
    }
  }

  /**
   * Pages that have to be fetched one by one.
   *
   * @param first physical address of the first one
   * @param held bytes, whole pages
   * @param pages fetches them
   */
  record Fetched(long first, long held, PageLoader pages) implements Store {

    @Override
    public Store slice(long from, long to) {
      return new Fetched(first + from, to - from, pages);
    }

    @Override
    public void under(PhysicalMemory memory, long start) {
      if (held > 0) {
        memory.underlay(AddressRange.ofSize(start, held), pages);
      }
    }

    @Override
    public boolean page(long at, long[] frame) {
      java.util.Arrays.fill(frame, 0);
      return at >= held || pages.load(first + at >>> 12, frame);
    }
  }
}
