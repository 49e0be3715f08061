package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive user pages of one kind ({@code vm_area_struct}), each with a page frame or not
 * touched yet. A hole lies between two areas; an area has one only while it is being filled.
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
  private final @Nullable MemoryFile file;
  private final long fileOffset;
  private final long piece;
  private boolean device;
  private @Nullable OpenFile holder;
  private final List<Extent> extents = new ArrayList<>();

  /**
   * An area that is a piece by itself.
   *
   * @param file whose frames it shows, or null if they are its own
   * @param fileOffset byte of the file at its start
   */
  UserArea(
      long start,
      long pages,
      boolean readOnly,
      String kind,
      @Nullable MemoryFile file,
      long fileOffset) {
    this(start, pages, readOnly, kind, file, fileOffset, start);
  }

  private UserArea(
      long start,
      long pages,
      boolean readOnly,
      String kind,
      @Nullable MemoryFile file,
      long fileOffset,
      long piece) {
    this.file = file;
    this.holder = file;
    this.fileOffset = fileOffset;
    this.start = start;
    this.pages = pages;
    this.readOnly = readOnly;
    this.kind = kind;
    this.piece = piece;
  }

  /**
   * A window of a device's registers ({@code VM_PFNMAP}): its frames are nobody's to give back.
   *
   * @param holder the file it was made of, which stays open meanwhile; null if there is none
   */
  static UserArea ofDevice(
      long start, long pages, long frame, String kind, @Nullable OpenFile holder) {
    var area = new UserArea(start, pages, false, kind, null, 0);
    area.device = true;
    area.holder = holder;
    area.append(frame, pages);
    return area;
  }

  boolean device() {
    return device;
  }

  /** Tells whether the file behind it has it to show now. */
  boolean isThere() {
    OpenFile shown = holder;
    return !device || shown == null || shown.answersMapped();
  }

  /** Its frames are pages of RAM that belong to it alone. */
  boolean ownsFrames() {
    return file == null && !device;
  }

  /** Where the memory began that was given in one go and that this area is what is left of. */
  long piece() {
    return piece;
  }

  long start() {
    return start;
  }

  long end() {
    return start + Page.address(pages);
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

  /** The file that its frames belong to, or null. */
  @Nullable MemoryFile file() {
    return file;
  }

  /** The file that stays open as long as the area is there, or null. */
  @Nullable OpenFile holder() {
    return holder;
  }

  /** Where a byte of this area lies in the memory of the file. */
  long inFile(MemoryFile shown, long address) {
    return shown.address(fileOffset + address - start);
  }

  /** Where a byte of the file is shown, which may be outside of this area. */
  long ofFile(long offset) {
    return start + offset - fileOffset;
  }

  /** Its pages in order. */
  List<Extent> extents() {
    return List.copyOf(extents);
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

  /** Some of its pages as an area of their own. */
  UserArea part(long fromPage, long count) {
    var part =
        new UserArea(
            start + Page.address(fromPage),
            count,
            readOnly,
            kind,
            file,
            fileOffset + Page.address(fromPage),
            piece);
    part.device = device;
    part.holder = holder;
    for (Extent extent : extents) {
      long from = Math.max(fromPage, extent.page());
      long to = Math.min(fromPage + count, extent.page() + extent.count());
      if (from < to) {
        boolean framed = extent.frame() >= 0;
        part.append(framed ? extent.frame() + from - extent.page() : extent.frame(), to - from);
      }
    }
    return part;
  }

  /** Its parts that are no holes; itself if it has none. */
  List<UserArea> withoutHoles() {
    var parts = new ArrayList<UserArea>();
    long from = 0;
    for (Extent extent : extents) {
      if (extent.frame() == HOLE) {
        if (extent.page() > from) {
          parts.add(part(from, extent.page() - from));
        }
        from = extent.page() + extent.count();
      }
    }
    if (from == 0) {
      return List.of(this);
    }
    if (from < pages) {
      parts.add(part(from, pages - from));
    }
    return parts;
  }
}
