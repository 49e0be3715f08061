package org.iommulab.linux.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pages that have frames of the laboratory: the private pages of one process, by address, or the
 * pages of one file, by place in it. Neighbouring pages on neighbouring frames are one entry, so a
 * gigabyte is as cheap as a page.
 */
final class PageSpace {

  /** Consecutive pages on consecutive frames. */
  record Run(long page, long frame, long count) {
    long end() {
      return page + count;
    }

    private Run part(long from, long to) {
      return new Run(from, frame + (from - page), to - from);
    }
  }

  private final long owner;
  private final boolean file;
  private boolean window;
  private final TreeMap<Long, Run> runs = new TreeMap<>();

  /** Pages of a process, by its id, or of a file, by its identity. */
  PageSpace(long owner, boolean file) {
    this.owner = owner;
    this.file = file;
  }

  /** The process' id or the file's identity. */
  long owner() {
    return owner;
  }

  boolean ofFile() {
    return file;
  }

  /** Its frames are a device's memory and belong to nobody here. */
  boolean isWindow() {
    return window;
  }

  void setWindow() {
    window = true;
  }

  /** Frame of a page, -1 if it has none. */
  long frame(long page) {
    Map.Entry<Long, Run> entry = runs.floorEntry(page);
    return entry == null || page >= entry.getValue().end()
        ? -1
        : entry.getValue().frame() + (page - entry.getKey());
  }

  /** Pages from that one on that lie on consecutive frames, at most {@code limit}. */
  long contiguous(long page, long limit) {
    long first = frame(page);
    long count = 0;
    while (first >= 0 && count < limit && frame(page + count) == first + count) {
      count = Math.min(limit, runs.floorEntry(page + count).getValue().end() - page);
    }
    return count;
  }

  /** The first page from that one on that has a frame; {@code end} if none before it has. */
  long nextKnown(long page, long end) {
    if (frame(page) >= 0) {
      return page;
    }
    Long next = runs.ceilingKey(page);
    return next == null ? end : Math.min(next, end);
  }

  void put(long page, long frame, long count) {
    runs.put(page, new Run(page, frame, count));
  }

  /** All runs between two pages, cut there. */
  List<Run> runs(long from, long end) {
    var found = new ArrayList<Run>();
    Long start = runs.floorKey(from);
    for (Run run : runs.tailMap(start == null ? from : start, true).values()) {
      if (run.page() >= end) {
        break;
      }
      if (run.end() > from) {
        found.add(run.part(Math.max(from, run.page()), Math.min(end, run.end())));
      }
    }
    return found;
  }

  /** Takes pages out; their runs, cut at both ends. */
  List<Run> remove(long from, long end) {
    List<Run> gone = runs(from, end);
    for (Run part : gone) {
      Run whole = runs.floorEntry(part.page()).getValue();
      runs.remove(whole.page());
      if (whole.page() < part.page()) {
        runs.put(whole.page(), whole.part(whole.page(), part.page()));
      }
      if (part.end() < whole.end()) {
        runs.put(part.end(), whole.part(part.end(), whole.end()));
      }
    }
    return gone;
  }
}
