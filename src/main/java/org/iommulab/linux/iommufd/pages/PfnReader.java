package org.iommulab.linux.iommufd.pages;

import java.util.Arrays;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.process.UserPages;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/**
 * Walks a range of pages and fills batches with their frames ({@code struct pfn_reader}): frames an
 * access keeps, else frames a storage domain maps, else user memory is pinned now.
 */
final class PfnReader {

  /** Bytes of a page pointer, of which a pin call gets a batch. */
  private static final int POINTER_BYTES = 8;

  private final KernelParts parts;
  private final CallTrace trace;
  private final IoptPages pages;
  private final long lastIndex;
  private final PfnBatch batch;
  private final long pinChunk;
  private long batchStart;
  private long batchEnd;
  private long pinnedAhead;
  private long[] pinned = new long[8];
  private int pinnedRuns;

  PfnReader(KernelParts parts, long batchBytes, IoptPages pages, long startIndex, long lastIndex) {
    this.parts = parts;
    this.batch = new PfnBatch(batchBytes);
    this.pinChunk = Math.max(1, batchBytes / POINTER_BYTES);
    this.trace = parts.trace();
    this.pages = pages;
    this.lastIndex = lastIndex;
    this.batchStart = startIndex;
    this.batchEnd = startIndex;
    this.pinnedAhead = startIndex;
  }

  PfnBatch batch() {
    return batch;
  }

  long batchStart() {
    return batchStart;
  }

  boolean done() {
    return batchStart > lastIndex;
  }

  /** Fills the next batch ({@code pfn_reader_next()}). */
  Status next() {
    batchStart = batchEnd;
    batch.clear();
    while (batchEnd <= lastIndex) {
      long before = batchEnd;
      Status status = fillSpan();
      if (status.failed() || batchEnd == before) {
        return status;
      }
    }
    return Status.OK;
  }

  private Status fillSpan() {
    long kept = pages.heldFrame(batchEnd);
    if (kept >= 0) {
      if (batch.add(kept, 1)) {
        batchEnd++;
      }
      return Status.OK;
    }
    IoptArea stored = pages.storedIn(batchEnd, null);
    return stored != null ? fromDomain(stored) : fromUser();
  }

  /** {@code batch_from_domain()}. */
  private Status fromDomain(IoptArea area) {
    PagingDomain domain = area.storageDomain();
    long end = Math.min(lastIndex, area.lastIndex());
    while (domain != null && batchEnd <= end) {
      long physical = domain.iovaToPhys(area.iovaOfPage(batchEnd));
      if (physical < 0) {
        throw new IllegalStateException("the storage domain has lost a page");
      }
      if (!batch.add(Page.number(physical), 1)) {
        break;
      }
      batchEnd++;
    }
    return Status.OK;
  }

  /** {@code pfn_reader_user_pin()} and filling from what it pinned. */
  private Status fromUser() {
    UserPages memory = pages.memory();
    long holeEnd = Math.min(lastIndex + 1, pages.nextKnown(batchEnd));
    while (batchEnd < holeEnd) {
      if (batchEnd >= pinnedAhead) {
        Status status = pinChunk(memory, Math.min(pinChunk, holeEnd - batchEnd));
        if (status.failed()) {
          return status;
        }
      }
      long address = pages.userAddress() + Page.address(batchEnd);
      long pfn = memory.pfn(address);
      long run = memory.contiguousPages(address, pinnedAhead - batchEnd);
      if (!batch.add(pfn, run)) {
        break;
      }
      batchEnd += run;
    }
    return Status.OK;
  }

  private Status pinChunk(UserPages memory, long wanted) {
    long start = pages.userAddress() + Page.address(batchEnd);
    if (trace.isOn()) {
      trace
          .enter("pin_user_pages_fast")
          .hex("start", start)
          .number("nr_pages", wanted)
          .text("gup_flags", pages.writable() ? "LONGTERM|WRITE" : "LONGTERM");
    }
    // The list of page pointers is made once, with the first pin.
    Status status = pinnedRuns == 0 ? parts.allocate("the list of page pointers") : Status.OK;
    long got = 0;
    while (!status.failed() && got < wanted) {
      long address = start + Page.address(got);
      long run = memory.contiguousPages(address, wanted - got);
      if (run == 0
          || (!pages.file() && memory.isDeviceMemory(address))
          || (pages.writable() && !memory.writable(address))) {
        break;
      }
      long pfn = memory.pfn(address);
      pages.pin(pfn, run);
      remember(pfn, run);
      got += run;
    }
    pinnedAhead = batchEnd + got;
    if (got == 0 && !status.failed()) {
      status =
          pages.file()
              ? Status.fail(Errno.EINVAL, "the range ends behind the file")
              : Status.fail(Errno.EFAULT, missing(memory, start));
    }
    if (trace.isOn()) {
      if (got > 0) {
        trace.effect(got + (got == 1 ? " page pinned" : " pages pinned"));
        trace.leave(got);
      } else {
        parts.leave(status);
      }
    }
    return status;
  }

  private static String missing(UserPages memory, long address) {
    if (memory.isDeviceMemory(address)) {
      return String.format(Locale.ROOT, "memory of a device at 0x%x cannot be pinned", address);
    }
    return memory.pfn(address) < 0
        ? String.format(Locale.ROOT, "there is no memory at user address 0x%x", address)
        : String.format(Locale.ROOT, "user address 0x%x is read-only", address);
  }

  private void remember(long pfn, long count) {
    if (pinnedRuns * 2 == pinned.length) {
      pinned = Arrays.copyOf(pinned, pinned.length * 2);
    }
    pinned[2 * pinnedRuns] = pfn;
    pinned[2 * pinnedRuns + 1] = count;
    pinnedRuns++;
  }

  /** Gives back everything this reader pinned. */
  void unpinAll() {
    long total = 0;
    for (int i = 0; i < pinnedRuns; i++) {
      pages.unpin(pinned[2 * i], pinned[2 * i + 1]);
      total += pinned[2 * i + 1];
    }
    pinnedRuns = 0;
    if (trace.isOn() && total > 0) {
      trace.effect(total + (total == 1 ? " page unpinned" : " pages unpinned"));
    }
  }
}
