package org.iommulab.linux.mock;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.iommu.DomainCore;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.MapResult;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** A paging domain that keeps its translations in a map. */
public final class MockDomain extends DomainCore implements PagingDomain {

  /** Half a page, so that user space meets alignments below 4 KiB. */
  public static final long PAGE = 2048;

  private static final long START = 0x100_0000L;
  private static final long LAST = 0x7FFF_FFFFL;
  private static final long HUGE = 512 * PAGE;

  /** With large entries the smallest page is the processor's, so that iommufd takes the domain. */
  private static final long SMALL = 4096;

  /** What one entry of the page table shows: its pages become dirty together. */
  private static final class Entry {
    private final long iova;
    private final long bytes;
    private boolean dirty;

    Entry(long iova, long bytes) {
      this.iova = iova;
      this.bytes = bytes;
    }
  }

  private record Page(long physical, Entry entry) {}

  private final MockIommu driver;
  private final TreeMap<Long, Page> pages = new TreeMap<>(Long::compareUnsigned);
  private final boolean tracks;
  private final boolean nestParent;
  private final long last;
  private final boolean large;
  private boolean tracking;

  MockDomain(
      MockIommu driver, int id, DomainType type, int flags, boolean hugeIova, boolean large) {
    super(id, type, "");
    this.driver = driver;
    this.large = large;
    this.last = hugeIova ? -1L : LAST;
    this.tracks = (flags & IommuOps.DIRTY_TRACKING) != 0;
    this.nestParent = (flags & IommuOps.NEST_PARENT) != 0;
  }

  boolean nestParent() {
    return nestParent;
  }

  @Override
  public IommuOps driver() {
    return driver;
  }

  @Override
  public long pageSizes() {
    return large ? HUGE | SMALL : PAGE | HUGE;
  }

  @Override
  public long apertureStart() {
    return START;
  }

  @Override
  public long apertureEnd() {
    return last;
  }

  @Override
  public boolean needsSyncMap() {
    return false;
  }

  @Override
  public MapResult mapPages(long iova, long paddr, long pgsize, long count, int prot) {
    Status memory = driver.parts().allocate("the mock's page table");
    if (memory.failed()) {
      return MapResult.of(memory);
    }
    Entry entry = new Entry(iova, 0);
    for (long done = 0; done < pgsize * count; done += PAGE) {
      if (done >= entry.iova + entry.bytes - iova) {
        entry = entry(iova + done, paddr + done, pgsize, pgsize * count - done);
      }
      if (pages.containsKey(iova + done)) {
        String cause = String.format(Locale.ROOT, "0x%x is mapped already", iova + done);
        return new MapResult(Status.fail(Errno.EADDRINUSE, cause), done);
      }
      pages.put(iova + done, new Page(paddr + done, entry));
    }
    return MapResult.DONE;
  }

  /** The entry that a page becomes part of: as large as alignment and what is left allow. */
  private Entry entry(long iova, long paddr, long pgsize, long left) {
    long bytes = large ? pgsize : PAGE;
    boolean grows = !large && driver.parts().era().mockHasLargeEntries();
    while (grows && bytes * 2 <= left && ((iova | paddr) & bytes * 2 - 1) == 0) {
      bytes *= 2;
    }
    return new Entry(iova, bytes);
  }

  @Override
  public long unmapPages(long iova, long pgsize, long count, IotlbGather gather) {
    long done = 0;
    while (done < pgsize * count && pages.remove(iova + done) != null) {
      done += PAGE;
    }
    return done;
  }

  @Override
  public void iotlbSync(IotlbGather gather) {}

  @Override
  public void flushIotlbAll() {}

  @Override
  public long iovaToPhys(long iova) {
    Page page = pages.get(iova & -PAGE);
    return page == null ? -1 : page.physical() | iova & PAGE - 1;
  }

  /** Pages mapped now. */
  public int mappedPages() {
    return pages.size();
  }

  // ---- dirty pages ------------------------------------------------------------------------------

  @Override
  public boolean dirtyTracking() {
    return tracks;
  }

  @Override
  public Status setDirtyTracking(boolean on) {
    if (!tracks) {
      return PagingDomain.super.setDirtyTracking(on);
    }
    tracking = on;
    return Status.OK;
  }

  /** What a device's write does; true if the page is mapped. */
  public boolean deviceWrites(long iova) {
    Page page = pages.get(iova & -PAGE);
    if (page == null) {
      return false;
    }
    page.entry().dirty |= tracking;
    return true;
  }

  @Override
  public void readDirty(long iova, long length, boolean clear, DirtySink sink) {
    var found = new LinkedHashSet<Entry>();
    for (Map.Entry<Long, Page> page : pages.subMap(iova, iova + length).entrySet()) {
      if (page.getValue().entry().dirty) {
        found.add(page.getValue().entry());
        sink.dirty(page.getKey(), PAGE);
      }
    }
    found.forEach(entry -> entry.dirty = !clear);
  }

  @Override
  protected void release() {
    if (!pages.isEmpty()) {
      throw new IllegalStateException("a mock domain was freed with mappings");
    }
  }
}
