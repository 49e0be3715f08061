package org.iommulab.linux.mock;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.MapProgress;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** A paging domain that keeps its translations in a map. */
public final class MockDomain extends IommuDomain {

  /** Half a page, so that user space meets alignments below 4 KiB. */
  public static final long PAGE = 2048;

  private static final long START = 0x100_0000L;
  private static final long LAST = 0x7FFF_FFFFL;
  private static final long HUGE = 512 * PAGE;

  private static final class Page {
    private final long physical;
    private boolean dirty;

    Page(long physical) {
      this.physical = physical;
    }
  }

  private final MockIommu driver;
  private final TreeMap<Long, Page> pages = new TreeMap<>(Long::compareUnsigned);
  private final boolean tracks;
  private final boolean nestParent;
  private final long last;
  private boolean tracking;

  MockDomain(MockIommu driver, int id, DomainType type, int flags, boolean hugeIova) {
    super(id, type, "");
    this.driver = driver;
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
    return PAGE | HUGE;
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
  public Status mapPages(
      long iova, long paddr, long pgsize, long count, int prot, MapProgress progress) {
    progress.set(0);
    Status memory = driver.parts().allocate("the mock's page table");
    if (memory.failed()) {
      return memory;
    }
    for (long done = 0; done < pgsize * count; done += PAGE) {
      if (pages.containsKey(iova + done)) {
        return Status.fail(
            Errno.EADDRINUSE, String.format(Locale.ROOT, "0x%x is mapped already", iova + done));
      }
      pages.put(iova + done, new Page(paddr + done));
      progress.set(done + PAGE);
    }
    return Status.OK;
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
    return page == null ? -1 : page.physical | iova & PAGE - 1;
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
      return super.setDirtyTracking(on);
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
    page.dirty |= tracking;
    return true;
  }

  @Override
  public void readDirty(long iova, long length, boolean clear, DirtySink sink) {
    for (Map.Entry<Long, Page> entry : pages.subMap(iova, iova + length).entrySet()) {
      Page page = entry.getValue();
      if (page.dirty) {
        sink.dirty(entry.getKey(), PAGE);
        page.dirty = !clear;
      }
    }
  }

  @Override
  protected void release() {
    if (!pages.isEmpty()) {
      throw new IllegalStateException("a mock domain was freed with mappings");
    }
  }
}
