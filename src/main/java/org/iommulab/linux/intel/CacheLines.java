package org.iommulab.linux.intel;

import org.iommulab.linux.boot.KernelParts;

/** The processor's cache lines ({@code clflush_cache_range()}). */
final class CacheLines {

  private CacheLines() {}

  /** Writes a range back to memory. */
  static void flush(KernelParts parts, long address, int bytes) {
    if (parts.trace().isOn()) {
      parts.trace().effect("clflush 0x%x, %d bytes".formatted(address, bytes));
    }
    parts.memory().writeBack(address, bytes);
  }
}
