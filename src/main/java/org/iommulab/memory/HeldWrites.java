package org.iommulab.memory;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the processor has written and memory has not received yet: lines in the processor's caches,
 * and behind them the chipset's write buffer. Both hold back for as long as they are allowed to,
 * which real ones do only now and then; so a forgotten flush always shows.
 *
 * <p>Per stage it keeps what has passed it, for the frames that were ever written.
 */
final class HeldWrites {

  private static final int LINE_QUADWORDS = 8;

  private final PhysicalMemory memory;
  private final boolean inCache;
  private final boolean inBuffer;
  private final Map<Long, long[]> behindCache = new HashMap<>();
  private final Map<Long, long[]> behindBuffer = new HashMap<>();

  HeldWrites(PhysicalMemory memory, boolean inCache, boolean inBuffer) {
    this.memory = memory;
    this.inCache = inCache;
    this.inBuffer = inBuffer;
  }

  /** A frame is about to be written: what is there now is what lies behind. */
  void beforeWrite(long pfn, long[] frame) {
    if (inCache && !behindCache.containsKey(pfn)) {
      behindCache.put(pfn, frame.clone());
    }
    if (inBuffer && !behindBuffer.containsKey(pfn)) {
      behindBuffer.put(pfn, frame.clone());
    }
  }

  /** A frame as a reader sees it that looks into the processor's caches, or does not. */
  long @Nullable [] frame(long pfn, boolean snooped) {
    long[] behind = null;
    if (inBuffer) {
      behind = behindBuffer.get(pfn);
    } else if (inCache && !snooped) {
      behind = behindCache.get(pfn);
    }
    return behind != null ? behind : memory.frame(pfn);
  }

  /** Writes the lines of a range back from the caches. */
  void writeBack(long address, long length) {
    if (inCache) {
      copyLines(address, length, behindCache);
    }
  }

  /** Empties the write buffer. */
  void drain() {
    behindBuffer.forEach(
        (pfn, behind) -> {
          long[] before = inCache ? behindCache.get(pfn) : memory.frame(pfn);
          if (before != null) {
            System.arraycopy(before, 0, behind, 0, behind.length);
          }
        });
  }

  /** A device has written a range: memory has it, and so have the caches. */
  void arrived(long address, long length) {
    writeBack(address, length);
    if (inBuffer) {
      copyLines(address, length, behindBuffer);
    }
  }

  private void copyLines(long address, long length, Map<Long, long[]> target) {
    long line = address >>> 6;
    for (long last = address + Math.max(length, 1) - 1 >>> 6; line <= last; line++) {
      long pfn = line >>> 6;
      long[] behind = target.get(pfn);
      long[] now = memory.frame(pfn);
      if (behind != null && now != null) {
        int at = (int) (line & 63) * LINE_QUADWORDS;
        System.arraycopy(now, at, behind, at, LINE_QUADWORDS);
      }
    }
  }

  void forget() {
    behindCache.clear();
    behindBuffer.clear();
  }
}
