package org.iommulab.linux.iommufd.pages;

import org.iommulab.linux.iommufd.pages.AreaMapper.Mapped;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;

/** Chooses a free IOVA, lowest first ({@code iopt_alloc_iova()}). */
final class IovaFinder {

  /** No address: the first page is never given out. */
  private static final long NONE = 0;

  /** Alignment worth having: a transparent huge page. */
  private static final long MOST_ALIGNMENT = 1L << 21;

  private final IoPageTable table;

  IovaFinder(IoPageTable table) {
    this.table = table;
  }

  /**
   * @param address user address or file offset whose alignment is kept, so that large pages fit
   */
  Mapped find(long address, long length) {
    if (length == 0 || !Unsigned.less(length, Unsigned.MAX >>> 1)) {
      return Mapped.fail(Errno.EOVERFLOW, "no space can hold that length");
    }
    long alignment = roundUp(length);
    if (address != 0) {
      alignment = Unsigned.min(alignment, Long.lowestOneBit(address));
    }
    alignment = Unsigned.min(alignment, MOST_ALIGNMENT);
    if (Unsigned.less(alignment, table.iovaAlignment())) {
      return Mapped.fail(Errno.EINVAL, "the address is not aligned to what the domains need");
    }
    long offset = address % Page.BYTES & Page.BYTES - 1;
    if (table.allowed().isEmpty()) {
      return at(search(Page.BYTES, -Page.BYTES - 1, length, alignment, offset));
    }
    long found = NONE;
    for (IovaSpans.Span span : table.allowed().all()) {
      long from = Unsigned.max(span.start(), Page.BYTES);
      long to = Unsigned.min(span.last(), -Page.BYTES - 1);
      if (found == NONE && Unsigned.atMost(from, to)) {
        found = search(from, to, length, alignment, offset);
      }
    }
    return at(found);
  }

  private static Mapped at(long iova) {
    return iova == NONE
        ? Mapped.fail(Errno.ENOSPC, "no hole in the allowed space is large enough")
        : new Mapped(Status.OK, iova);
  }

  private static long roundUp(long length) {
    long highest = Long.highestOneBit(length);
    return highest == length ? length : highest << 1;
  }

  private long search(long from, long to, long length, long alignment, long offset) {
    for (IovaSpans.Span hole : table.reserved().holes(from, to)) {
      long next = hole.start();
      for (IoptArea area : table.areas().in(hole.start(), hole.last())) {
        long before =
            Unsigned.less(next, area.start())
                ? fits(next, area.start() - 1, length, alignment, offset)
                : NONE;
        if (before != NONE) {
          return before;
        }
        next = area.last() + 1;
        if (next == 0) {
          break;
        }
      }
      boolean tail = next != 0 && Unsigned.atMost(next, hole.last());
      long behind = tail ? fits(next, hole.last(), length, alignment, offset) : NONE;
      if (behind != NONE) {
        return behind;
      }
    }
    return NONE;
  }

  private long fits(long start, long last, long length, long alignment, long offset) {
    long aligned = start + alignment - 1 & -alignment;
    if (Unsigned.less(aligned, start)) {
      return NONE;
    }
    long iova = aligned | offset;
    boolean ends = Unsigned.less(iova, last) && !Unsigned.less(last - iova, length - 1);
    return ends ? iova : NONE;
  }
}
