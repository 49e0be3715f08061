package org.iommulab.lab;

import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;

/** A number that tells whether two laboratories have the same memory. */
final class MemoryDigest {

  private MemoryDigest() {}

  static long of(LabView view) {
    PhysicalMemory memory = view.memory();
    long digest = 1;
    long[] untouched = memory.frame((memory.ram().getLast().end() >> 12) - 1);
    for (AddressRange range : memory.ram()) {
      for (long pfn = range.start() >> 12; pfn < range.end() >> 12; pfn++) {
        long[] frame = memory.frame(pfn);
        for (int i = 0; frame != untouched && frame != null && i < frame.length; i++) {
          if (frame[i] != 0) {
            digest = digest * 31 + (frame[i] ^ pfn * 512 + i);
          }
        }
      }
    }
    return digest;
  }
}
