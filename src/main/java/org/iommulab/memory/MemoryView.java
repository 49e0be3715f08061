package org.iommulab.memory;

import java.util.List;

/**
 * Memory that is looked at only: what can be asked of {@link PhysicalMemory} and changes nothing.
 */
public interface MemoryView {

  /** The RAM ranges, ascending. */
  List<AddressRange> ram();

  /** Tells whether every byte is RAM. */
  boolean isRam(long address, long length);

  /** The quadword at an address that is a multiple of 8; zero outside RAM. */
  long readQword(long address);

  /** The dword at an address that is a multiple of 4; zero outside RAM. */
  int readDword(long address);

  /** Copies bytes out of memory; bytes outside RAM read as zero. */
  void read(long address, byte[] target, int offset, int length);

  /** Numbers of the frames that have memory of their own, ascending. */
  long[] loadedFrames();

  /** Number of frames that have memory of their own. */
  long allocatedFrames();
}
