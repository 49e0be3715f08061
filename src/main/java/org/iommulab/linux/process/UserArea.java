package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.mm.FrameAllocator;

/**
 * A piece of user memory: consecutive user pages, each with a page frame, not touched yet, or a
 * hole.
 */
final class UserArea {

  /** Frame of pages that do not exist. */
  static final long HOLE = -1;

  /** Frame of pages that get one when they are touched. */
  static final long UNTOUCHED = -2;

  /** Consecutive pages on consecutive frames, or pages that all have none for one reason. */
  record Extent(long page, long frame, long count) {}

  private final long start;
  private final long pages;
  private final boolean readOnly;
  private final String kind;
  private final List<Extent> extents = new ArrayList<>();

  UserArea(long start, long pages, boolean readOnly, String kind) {
    this.start = start;
    this.pages = pages;
    this.readOnly = readOnly;
    this.kind = kind;
  }

  long start() {
    return start;
  }

  long end() {
    return start + (pages << 12);
  }

  long pages() {
    return pages;
  }

  boolean readOnly() {
    return readOnly;
  }

  String kind() {
    return kind;
  }

  /** Adds pages behind those already there, joining frames that follow each other. */
  void append(long frame, long count) {
    long page = extents.isEmpty() ? 0 : extents.getLast().page() + extents.getLast().count();
    if (!extents.isEmpty()) {
      Extent last = extents.getLast();
      boolean follows = frame >= 0 && last.frame() >= 0 && last.frame() + last.count() == frame;
      if (follows || (frame < 0 && last.frame() == frame)) {
        extents.set(
            extents.size() - 1, new Extent(last.page(), last.frame(), last.count() + count));
        return;
      }
    }
    extents.add(new Extent(page, frame, count));
  }

  /** The extent that holds a page of this area. */
  Extent extent(long page) {
    int low = 0;
    int high = extents.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (extents.get(middle).page() <= page) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return extents.get(low);
  }

  /** Gives one page another frame; returns the one it had. */
  long replace(long page, long frame) {
    var kept = new ArrayList<Extent>();
    long old = HOLE;
    for (Extent extent : extents) {
      long before = Math.min(extent.count(), page - extent.page());
      if (before < 0 || before >= extent.count()) {
        kept.add(extent);
        continue;
      }
      boolean framed = extent.frame() >= 0;
      old = framed ? extent.frame() + before : extent.frame();
      long after = extent.count() - before - 1;
      if (before > 0) {
        kept.add(new Extent(extent.page(), extent.frame(), before));
      }
      kept.add(new Extent(page, frame, 1));
      if (after > 0) {
        kept.add(new Extent(page + 1, framed ? old + 1 : old, after));
      }
    }
    extents.clear();
    extents.addAll(kept);
    return old;
  }

  /** Its extents, ascending. */
  List<Extent> extents() {
    return List.copyOf(extents);
  }

  /** Cuts the memory off from a page on: later pages become holes. */
  List<Extent> truncate(long fromPage) {
    var dropped = new ArrayList<Extent>();
    var kept = new ArrayList<Extent>();
    for (Extent extent : extents) {
      long keep = Math.max(0, Math.min(extent.count(), fromPage - extent.page()));
      if (keep > 0) {
        kept.add(new Extent(extent.page(), extent.frame(), keep));
      }
      if (keep < extent.count()) {
        dropped.add(
            new Extent(
                extent.page() + keep,
                extent.frame() < 0 ? extent.frame() : extent.frame() + keep,
                extent.count() - keep));
        kept.add(new Extent(extent.page() + keep, -1, extent.count() - keep));
      }
    }
    extents.clear();
    extents.addAll(kept);
    return dropped;
  }

  /** Gives all frames back. */
  void release(FrameAllocator frames) {
    for (Extent extent : extents) {
      if (extent.frame() >= 0) {
        frames.release(extent.frame(), extent.count());
      }
    }
    extents.clear();
  }
}
