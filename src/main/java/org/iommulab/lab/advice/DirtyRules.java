package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.words.Bilingual;

/** Dirty bits that nobody will ever see: K41. */
final class DirtyRules {

  private static final int MOST_PAGES = 1_000_000;

  private final ProcessBooks books;
  private final Map<Long, Long> spaceOf = new HashMap<>();
  private final Set<Long> written = new HashSet<>();
  private final Set<Long> tracking = new HashSet<>();

  DirtyRules(ProcessBooks books) {
    this.books = books;
  }

  void clear() {
    spaceOf.clear();
    written.clear();
    tracking.clear();
  }

  /** A table on top of an IOAS came to be. */
  void allocated(Step step) {
    long hwpt = Step.number(step.out("out_hwpt_id"));
    if (hwpt >= 0) {
      spaceOf.put(hwpt, step.number(0, "pt_id"));
    }
  }

  void wrote(long iova) {
    if (written.size() < MOST_PAGES) {
      written.add(iova >>> 12);
    }
  }

  /** Tracking begins: what was written before is unknown. */
  void tracked(Step step) {
    if (step.errno() != null) {
      return;
    }
    long hwpt = step.number(0, "hwpt_id");
    if ((step.number(0, "flags") & 1) == 0) {
      tracking.remove(hwpt);
    } else {
      if (!written.isEmpty()) {
        raise(step, Wording.WRITTEN_BEFORE.with(written.size()));
      }
      tracking.add(hwpt);
    }
    written.clear();
  }

  /** The bitmap is read: over holes it says nothing. */
  void read(Step step) {
    long iova = step.number(0, "iova");
    long size = step.number(0, "length");
    long covered =
        books.areas().stream()
            .filter(area -> area.meets(iova, size))
            .mapToLong(
                area ->
                    Math.min(area.iova() + area.size(), iova + size) - Math.max(area.iova(), iova))
            .sum();
    if (step.errno() == null && covered < size) {
      raise(step, Wording.HOLES.with(size - covered));
    }
    if ((step.number(0, "flags") & 1) == 0) {
      written.clear();
    }
  }

  /** A range goes, and its bits with it. */
  void unmapped(Step step, long space, long iova, long size) {
    boolean tracked =
        tracking.stream().anyMatch(hwpt -> spaceOf.getOrDefault(hwpt, space) == space);
    long lost =
        written.stream().filter(page -> page << 12 >= iova && (page << 12) - iova < size).count();
    if (tracked && lost > 0 && step.errno() == null) {
      raise(step, Wording.UNREAD_BITS.with(lost));
    }
  }

  private static void raise(Step step, Bilingual what) {
    step.raise("K41", what, List.of(Evidence.command(step.number())), List.of(), what);
  }
}
