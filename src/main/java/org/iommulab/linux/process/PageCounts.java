package org.iommulab.linux.process;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A count for each page of a very large range. Neighbouring pages with equal counts share one
 * entry, so that counting millions of pages at once costs one step.
 */
final class PageCounts {

  /** First page of a run to its count; a run ends where the next begins. */
  private final TreeMap<Long, Integer> runs = new TreeMap<>();

  /** The count of one page. */
  int get(long page) {
    Map.Entry<Long, Integer> run = runs.floorEntry(page);
    return run == null ? 0 : run.getValue();
  }

  /** Adds {@code delta} to the counts of pages {@code first} to {@code first + pages - 1}. */
  void add(long first, long pages, int delta) {
    cut(first);
    cut(first + pages);
    for (Map.Entry<Long, Integer> run : runs.subMap(first, first + pages).entrySet()) {
      int count = run.getValue() + delta;
      if (count < 0) {
        throw new IllegalStateException(
            String.format(Locale.ROOT, "page 0x%x was unpinned too often", run.getKey()));
      }
      run.setValue(count);
    }
    join(first);
    join(first + pages);
  }

  private void cut(long page) {
    if (!runs.containsKey(page)) {
      runs.put(page, get(page));
    }
  }

  private void join(long page) {
    Map.Entry<Long, Integer> before = runs.lowerEntry(page);
    int previous = before == null ? 0 : before.getValue();
    Integer count = runs.get(page);
    if (count != null && count == previous) {
      runs.remove(page);
    }
  }

  /** Tells whether every count is zero. */
  boolean isEmpty() {
    return runs.values().stream().allMatch(count -> count == 0);
  }
}
