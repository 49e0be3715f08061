package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is odd about an invalidation by itself: H05, T18. */
final class InvalidationRules {

  private static final int MOST_LINES = 4096;

  /** Pages that a command may cover before it is large. */
  private static final int LARGE = 16;

  private final Map<Long, Integer> dirty = new HashMap<>();

  void clear() {
    dirty.clear();
  }

  /** A processor store to a table that this unit does not snoop. */
  void stored(long address, int step) {
    if (dirty.size() < MOST_LINES) {
      dirty.put(address >>> 6, step);
    }
  }

  void flushed(long address, long length) {
    for (long line = address >>> 6; line <= address + Math.max(length, 1) - 1 >>> 6; line++) {
      dirty.remove(line);
    }
  }

  /** H05: the store has not left the processor, the next walk reads the old entry again. */
  void covered(Step step, Obligation o, Descriptor d) {
    if (!dirty.containsKey(o.entry >>> 6)) {
      return;
    }
    step.raise(
        "H05",
        o.key(),
        List.of(
            Evidence.command(o.step), Evidence.entry(o.entry), Evidence.descriptor(d.address())),
        List.of(
            String.format(
                Locale.ROOT,
                "{\"op\":\"mem.flush\",\"addr\":\"%s\",\"len\":8}",
                Digits.of(o.entry))),
        Digits.bare(o.entry),
        o.step);
  }

  /** T18: far more pages than changed, because of alignment. */
  void rounded(Step step, Descriptor d, List<Obligation> open) {
    List<Obligation> covered = open.stream().filter(o -> o.by == d).toList();
    long pages = d.bytes() >>> 12;
    long changed =
        covered.stream()
            .filter(o -> o.kind == Obligation.Kind.LEAF)
            .mapToLong(o -> (o.to - o.from + 1) >>> 12)
            .sum();
    if (changed > 0 && pages >= LARGE && changed * 8 <= pages) {
      step.raise(
          "T18",
          d.address(),
          List.of(Evidence.descriptor(d.address())),
          List.of(),
          changed,
          pages,
          Digits.bare(covered.getFirst().from));
    }
  }
}
