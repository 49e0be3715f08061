package org.iommulab.memory;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.iommulab.memory.PhysicalMemory.Change;
import org.jspecify.annotations.Nullable;

/**
 * Every quadword in which memory differs from an earlier state, by ascending address. What is kept
 * is the frames of that state and nothing for a quadword: a question compares the frames it is
 * about, so that a command that changed millions of entries is no dearer to ask about than one that
 * changed a few.
 *
 * <p>Compares with memory as it is when asked; to be asked for anew after the next write.
 */
public final class Changes implements Iterable<Change> {

  /** Nothing differs. */
  public static final Changes NONE = new Changes(new TreeMap<>(), PhysicalMemory.of(List.of()));

  /** Numbers of the frames, ascending. */
  private final long[] pfns;

  /** What was in them. */
  private final long[][] before;

  private final PhysicalMemory now;

  /**
   * Compares frames.
   *
   * @param before as they were, by frame number
   */
  Changes(SortedMap<Long, long[]> before, PhysicalMemory now) {
    pfns = before.keySet().stream().mapToLong(Long::longValue).toArray();
    this.before = before.values().toArray(long[][]::new);
    this.now = now;
  }

  /** What differs in the frames that anybody has looked at in the earlier of two memories. */
  public static Changes between(PhysicalMemory earlier, PhysicalMemory now) {
    var before = new TreeMap<Long, long[]>();
    for (long pfn : earlier.loadedFrames()) {
      long[] frame = earlier.frame(pfn);
      if (frame != null) {
        before.put(pfn, frame);
      }
    }
    return new Changes(before, now);
  }

  /** Addresses of the frames in which anything may differ. */
  public List<Long> frames() {
    return Arrays.stream(pfns).mapToObj(pfn -> pfn << 12).toList();
  }

  /** Whether nothing differs. */
  public boolean isEmpty() {
    return !any(0, PhysicalMemory.LIMIT);
  }

  /** How many quadwords differ. */
  public long count() {
    return count(0, PhysicalMemory.LIMIT);
  }

  /** How many quadwords of a range differ. */
  public long count(long address, long bytes) {
    return count(address, bytes, Long.MAX_VALUE);
  }

  /** Whether a quadword of a range differs. */
  public boolean any(long address, long bytes) {
    return count(address, bytes, 1) > 0;
  }

  /** What became of the quadword at an address, if it differs. */
  public Optional<Change> at(long address) {
    return in(address, Long.BYTES).findFirst();
  }

  /** Those of a range, looked for as the stream goes on. */
  public Stream<Change> in(long address, long bytes) {
    return IntStream.range(from(address), from(address + bytes + PhysicalMemory.FRAME_BYTES - 1))
        .boxed()
        .flatMap(
            at -> {
              long start = pfns[at] << 12;
              return IntStream.range(first(start, address), last(start, address + bytes))
                  .filter(i -> differs(before[at], now.frame(pfns[at]), i))
                  .mapToObj(i -> change(at, i));
            });
  }

  /** All of them, looked for as the stream goes on. */
  public Stream<Change> stream() {
    return in(0, PhysicalMemory.LIMIT);
  }

  @Override
  public Iterator<Change> iterator() {
    return stream().iterator();
  }

  /** Place of the first frame that does not lie before an address's. */
  private int from(long address) {
    int at = Arrays.binarySearch(pfns, address >>> 12);
    return at < 0 ? -at - 1 : at;
  }

  private long count(long address, long bytes, long enough) {
    long count = 0;
    long end = address + bytes;
    for (int at = from(address); at < pfns.length && pfns[at] << 12 < end; at++) {
      long start = pfns[at] << 12;
      long[] current = now.frame(pfns[at]);
      int last = last(start, end);
      for (int i = first(start, address); i < last; i++) {
        if (differs(before[at], current, i) && ++count >= enough) {
          return count;
        }
      }
    }
    return count;
  }

  private static boolean differs(long[] then, long @Nullable [] current, int index) {
    return current != null && then[index] != current[index];
  }

  /** Index of the first quadword of a frame that lies in a range with that beginning. */
  private static int first(long frame, long address) {
    return (int) (Math.max(0, address - frame) / Long.BYTES);
  }

  private static int last(long frame, long end) {
    return (int) ((Math.min(PhysicalMemory.FRAME_BYTES, end - frame) + 7) / Long.BYTES);
  }

  private Change change(int at, int index) {
    long address = (pfns[at] << 12) + index * (long) Long.BYTES;
    return new Change(address, before[at][index], now.readQword(address));
  }
}
