package org.iommulab.lab;

import org.iommulab.memory.MemoryView;
import org.iommulab.memory.Page;

/** A number that tells whether two laboratories have the same memory. */
final class MemoryDigest {

  private MemoryDigest() {}

  static long of(LabView view) {
    MemoryView memory = view.memory();
    long digest = 1;
    for (long pfn : memory.loadedFrames()) {
      for (long address = Page.address(pfn); Page.number(address) == pfn; address += 8) {
        long quadword = memory.readQword(address);
        if (quadword != 0) {
          digest = digest * 31 + (quadword ^ address >>> 3);
        }
      }
    }
    return digest;
  }
}
