package org.iommulab.linux.mm;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;

/**
 * Hands out 4 KiB page frames. Single zeroed frames for the kernel's tables come from their own end
 * of memory, most recently freed first; user memory comes in runs, lowest address first. The same
 * requests always get the same frames.
 */
public final class FrameAllocator {

  private static final long KERNEL_START = 0x1000;
  private static final long NOWHERE = -1;

  /** Frames from here on, at 8 TiB, are never handed out: a bit set counts with an int. */
  private static final long BEYOND = Integer.MAX_VALUE;

  private final PhysicalMemory memory;
  private final BitSet taken = new BitSet();
  private final long kernelFrom;
  private final long userFrom;
  private long[] freed = new long[64];
  private int freedCount;
  private long kernelNext;
  private long kernelFrames;
  private long userFrames;
  private final FailureInjection failures = new FailureInjection();

  /**
   * @param memory whose frames are handed out
   * @param tables physical address of the first kernel frame, 0 for 16 MiB
   */
  public FrameAllocator(PhysicalMemory memory, long tables) {
    this.memory = memory;
    this.kernelFrom = Math.min(tables == 0 ? KERNEL_START : tables >>> 12, BEYOND - 1);
    this.kernelNext = kernelFrom;
    this.userFrom = userStart(memory);
    taken.set(0, 0x100);
  }

  /** User memory starts at 4 GiB, or in the middle of a smaller machine. */
  private static long userStart(PhysicalMemory memory) {
    long end = memory.ram().isEmpty() ? 0 : memory.ram().getLast().end();
    return end > 1L << 32 ? 1L << 20 : end >>> 13;
  }

  /** A zeroed frame for a kernel table, or -1 if there is none. */
  public long allocate() {
    if (failures.fails("a page frame for a table")) {
      return NOWHERE;
    }
    long pfn = freedFrame();
    if (pfn < 0) {
      pfn = nextFrame();
    }
    if (pfn < 0) {
      return NOWHERE;
    }
    taken.set((int) pfn);
    kernelFrames++;
    long[] frame = memory.frameForWrite(pfn);
    if (frame != null) {
      Arrays.fill(frame, 0);
    }
    return pfn;
  }

  private long freedFrame() {
    while (freedCount > 0) {
      long pfn = freed[--freedCount];
      if (!taken.get((int) pfn)) {
        return pfn;
      }
    }
    return NOWHERE;
  }

  private long nextFrame() {
    for (int round = 0; round < 2; round++) {
      long pfn = taken.nextClearBit((int) kernelNext);
      for (AddressRange range : memory.ram()) {
        long first = Math.min(range.start() >>> 12, BEYOND);
        long end = Math.min(range.end() >>> 12, BEYOND);
        if (pfn < first) {
          pfn = taken.nextClearBit((int) first);
        }
        if (pfn < end) {
          kernelNext = pfn + 1;
          return pfn;
        }
      }
      kernelNext = 0;
    }
    return NOWHERE;
  }

  /** Tells whether a frame belongs to anybody. */
  public boolean isTaken(long pfn) {
    return pfn < BEYOND && taken.get((int) pfn);
  }

  /** Takes a frame back that {@link #allocate} gave. */
  public void free(long pfn) {
    if (!isTaken(pfn)) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "page frame 0x%x was freed twice", pfn));
    }
    taken.clear((int) pfn);
    kernelFrames--;
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, freedCount * 2);
    }
    freed[freedCount++] = pfn;
  }

  /**
   * Takes a run of user frames: the first hole that can hold {@code wanted} of them, else the
   * longest one.
   *
   * @param wanted most frames to take
   * @param align first frame's number is a multiple of this power of two
   * @return first frame and count; the count is 0 if memory is full
   */
  public Run allocateRun(long wanted, long align) {
    Run best = bestRun(wanted, align, userFrom);
    if (best.count() < wanted) {
      Run other = bestRun(wanted, align, 0x100);
      best = other.count() > best.count() ? other : best;
    }
    if (best.count() > 0) {
      taken.set((int) best.first(), (int) (best.first() + best.count()));
      userFrames += best.count();
    }
    return best;
  }

  /** A run of page frames. */
  public record Run(long first, long count) {}

  private Run bestRun(long wanted, long align, long from) {
    Run best = new Run(0, 0);
    for (AddressRange range : memory.ram()) {
      long end = Math.min(range.end() >>> 12, BEYOND);
      long pfn = Math.max(range.start() >>> 12, from);
      while (pfn < end) {
        pfn = (taken.nextClearBit((int) pfn) + align - 1) & -align;
        if (pfn >= end) {
          break;
        }
        int used = taken.nextSetBit((int) pfn);
        long stop = used < 0 ? end : Math.min(used, end);
        long count = Math.min((stop - pfn) & -align, (wanted + align - 1) & -align);
        if (count > best.count()) {
          best = new Run(pfn, Math.min(count, wanted));
        }
        if (best.count() >= wanted) {
          return best;
        }
        pfn = Math.max(stop, pfn + 1);
      }
    }
    return best;
  }

  /**
   * Takes exactly these frames; false, and nothing taken, if one is in use, not RAM, or above 8
   * TiB.
   */
  public boolean take(long first, long count) {
    if (first < 0
        || count <= 0
        || first > BEYOND - count
        || !memory.isRam(first << 12, count << 12)) {
      return false;
    }
    int used = taken.nextSetBit((int) first);
    if (used >= 0 && used < first + count) {
      return false;
    }
    taken.set((int) first, (int) (first + count));
    userFrames += count;
    return true;
  }

  /** Sets frames aside for good, as memblock does at boot; false if one is in use or not RAM. */
  public boolean reserve(long first, long count) {
    if (!take(first, count)) {
      return false;
    }
    userFrames -= count;
    return true;
  }

  /** Frees frames that were set aside. */
  public void unreserve(long first, long count) {
    taken.clear((int) first, (int) (first + count));
  }

  /** Takes user frames back. */
  public void release(long first, long count) {
    taken.clear((int) first, (int) (first + count));
    userFrames -= count;
  }

  /** Kernel frames handed out now. */
  public long kernelFrames() {
    return kernelFrames;
  }

  /** User frames handed out now. */
  public long userFrames() {
    return userFrames;
  }

  /** Makes the n-th call of {@link #allocate} from now on fail, once; 0 for none. */
  public void failNth(long n) {
    failures.failNth(n);
  }

  /** Chooses which allocation fails, of frames and of everything else in the kernel. */
  public FailureInjection failures() {
    return failures;
  }
}
