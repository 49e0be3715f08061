package org.iommulab.linux.iommufd.pages;

import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** A window of IOVA space onto pages ({@code struct iopt_area}). */
public final class IoptArea {

  private final IoPageTable table;
  private final long start;
  private final long last;
  private final int prot;
  private final IoptPages source;
  private final long startIndex;
  private final int pageOffset;
  private boolean published;
  private @Nullable PagingDomain storageDomain;
  private int accesses;
  private int locks;
  private boolean preventAccess;

  /**
   * @param startByte where it begins inside the pages, in bytes
   */
  IoptArea(IoPageTable table, long start, long last, int prot, IoptPages source, long startByte) {
    this.table = table;
    this.start = start;
    this.last = last;
    this.prot = prot;
    this.source = source;
    this.startIndex = Page.number(startByte);
    this.pageOffset = (int) (startByte & 4095);
  }

  IoPageTable table() {
    return table;
  }

  public long start() {
    return start;
  }

  public long last() {
    return last;
  }

  public long length() {
    return last - start + 1;
  }

  public int prot() {
    return prot;
  }

  /** The pages behind it, also while it is under construction. */
  public IoptPages source() {
    return source;
  }

  int pageOffset() {
    return pageOffset;
  }

  long startIndex() {
    return startIndex;
  }

  long lastIndex() {
    return startIndex + (pageOffset + length() - 1 >>> 12);
  }

  /** Byte inside the pages that an IOVA shows. */
  public long byteOf(long iova) {
    return Page.address(startIndex) + pageOffset + (iova - start);
  }

  /** IOVA at which a page begins to be visible. */
  public long iovaOfPage(long index) {
    return index == startIndex ? start : start - pageOffset + (index - startIndex << 12);
  }

  /** False while it is being built or taken down: its pages pointer is null. */
  public boolean published() {
    return published;
  }

  void setPublished(boolean on) {
    published = on;
  }

  /** The domain that remembers its frames, or null. */
  public @Nullable PagingDomain storageDomain() {
    return storageDomain;
  }

  /** Names the domain that remembers its frames; the pages learn of it. */
  void setStorageDomain(@Nullable PagingDomain domain) {
    if (storageDomain == null && domain != null) {
      source.addDomainArea(this);
    } else if (storageDomain != null && domain == null) {
      source.removeDomainArea(this);
    }
    storageDomain = domain;
  }

  int accesses() {
    return accesses;
  }

  public void addAccesses(int delta) {
    accesses += delta;
  }

  int locks() {
    return locks;
  }

  public void addLocks(int delta) {
    locks += delta;
  }

  public boolean preventsAccess() {
    return preventAccess;
  }

  void setPreventAccess(boolean on) {
    preventAccess = on;
  }
}
