package org.iommulab.linux.iommufd.pages;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** Chooses a free IOVA, lowest first ({@code iopt_alloc_iova()}). */
final class IovaFinder {

  private static final long PAGE = 4096;

  /** Alignment worth having: a transparent huge page. */
  private static final long MOST_ALIGNMENT = 1L << 21;

  private final IoPageTable table;
  private long found;

  IovaFinder(IoPageTable table) {
    this.table = table;
  }

  /** The address found last. */
  long found() {
    return found;
  }

  /**
   * @param address user address or file offset whose alignment is kept, so that large pages fit
   */
  Status find(long address, long length) {
    if (length == 0 || !Unsigned.less(length, Unsigned.MAX >>> 1)) {
      return Status.fail(Errno.EOVERFLOW, "no space can hold that length");
    }
    long alignment = roundUp(length);
    if (address != 0) {
      alignment = Unsigned.min(alignment, Long.lowestOneBit(address));
    }
    alignment = Unsigned.min(alignment, MOST_ALIGNMENT);
    if (Unsigned.less(alignment, table.iovaAlignment())) {
      return Status.fail(Errno.EINVAL, "the address is not aligned to what the domains need");
    }
    long offset = address % PAGE & PAGE - 1;
    if (table.allowed().isEmpty()) {
      return search(PAGE, -PAGE - 1, length, alignment, offset) ? Status.OK : full();
    }
    for (IovaSpans.Span span : table.allowed().all()) {
      long from = Unsigned.max(span.start(), PAGE);
      long to = Unsigned.min(span.last(), -PAGE - 1);
      if (Unsigned.atMost(from, to) && search(from, to, length, alignment, offset)) {
        return Status.OK;
      }
    }
    return full();
  }

  private static Status full() {
    return Status.fail(Errno.ENOSPC, "no hole in the allowed space is large enough");
  }

  private static long roundUp(long length) {
    long highest = Long.highestOneBit(length);
    return highest == length ? length : highest << 1;
  }

  private boolean search(long from, long to, long length, long alignment, long offset) {
    for (IovaSpans.Span hole : table.reserved().holes(from, to)) {
      long next = hole.start();
      for (IoptArea area : table.areas().in(hole.start(), hole.last())) {
        if (Unsigned.less(next, area.start())
            && fits(next, area.start() - 1, length, alignment, offset)) {
          return true;
        }
        next = area.last() + 1;
        if (next == 0) {
          break;
        }
      }
      boolean tail = next != 0 && Unsigned.atMost(next, hole.last());
      if (tail && fits(next, hole.last(), length, alignment, offset)) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(long start, long last, long length, long alignment, long offset) {
    long aligned = start + alignment - 1 & -alignment;
    if (Unsigned.less(aligned, start)) {
      return false;
    }
    long iova = aligned | offset;
    if (!Unsigned.less(iova, last) || Unsigned.less(last - iova, length - 1)) {
      return false;
    }
    found = iova;
    return true;
  }
}
