package org.iommulab.linux.intel.queue;

import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;

/** The processor's cache lines ({@code clflush_cache_range()}). */
public final class CacheLines {

  private CacheLines() {}

  /** Writes a range back to memory. */
  public static void flush(KernelParts parts, long address, int bytes) {
    if (parts.trace().isOn()) {
      parts.trace().effect(String.format(Locale.ROOT, "clflush 0x%x, %d bytes", address, bytes));
    }
    parts.memory().writeBack(address, bytes);
  }
}
