package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.MapProgress;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.jspecify.annotations.Nullable;

/** A paging domain of the VT-d driver ({@code struct dmar_domain}) by either walker. */
public final class DmarDomain extends IommuDomain {

  /** One unit the domain is known to, its id there, and how many devices need it. */
  static final class UnitLink {
    private final IntelUnit unit;
    private final int domainId;
    private int users = 1;

    UnitLink(IntelUnit unit, int domainId) {
      this.unit = unit;
      this.domainId = domainId;
    }

    IntelUnit unit() {
      return unit;
    }

    int domainId() {
      return domainId;
    }
  }

  private static final long SNOOP = SecondStageEntry.SNP.mask();

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuApi api;
  private final IommuOps driver;
  private final ClassicPageTable table;
  private final @Nullable GenericPageTable generic;
  private final long pageSizes;
  private final int addressBits;
  private final boolean nestedParent;
  private final CacheTags tags;
  private final List<UnitLink> links = new ArrayList<>();
  private final List<IommuDevice> devices = new ArrayList<>();
  private boolean snoop;
  private boolean hasMappings;

  DmarDomain(
      KernelParts parts,
      IommuApi api,
      IommuOps driver,
      int id,
      DomainType type,
      String owner,
      ClassicPageTable table,
      @Nullable GenericPageTable generic,
      long pageSizes,
      int addressBits,
      boolean nestedParent) {
    super(id, type, owner);
    this.parts = parts;
    this.trace = parts.trace();
    this.api = api;
    this.driver = driver;
    this.table = table;
    this.generic = generic;
    this.pageSizes = pageSizes;
    this.addressBits = addressBits;
    this.nestedParent = nestedParent;
    this.tags = new CacheTags(parts, false);
  }

  @Override
  public IommuOps driver() {
    return driver;
  }

  @Override
  public long pageSizes() {
    return pageSizes;
  }

  @Override
  public long apertureStart() {
    return 0;
  }

  @Override
  public long apertureEnd() {
    return (1L << addressBits) - 1;
  }

  /** Physical address of the top table. */
  public long root() {
    return table.root() << 12;
  }

  /** Table levels. */
  public int levels() {
    return table.levels();
  }

  /** Width of its IOVA space in bits. */
  public int addressBits() {
    return addressBits;
  }

  /** New leaves carry SNP. */
  public boolean snoop() {
    return snoop;
  }

  boolean nestedParent() {
    return nestedParent;
  }

  CacheTags tags() {
    return tags;
  }

  /** Devices attached to it. */
  public List<IommuDevice> devices() {
    return Collections.unmodifiableList(devices);
  }

  void add(IommuDevice device) {
    devices.add(device);
  }

  void remove(IommuDevice device) {
    devices.remove(device);
  }

  // ---- map --------------------------------------------------------------------------------------

  @Override
  public Status mapPages(
      long iova, long paddr, long pgsize, long count, int prot, MapProgress progress) {
    progress.set(0);
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_map_pages")
          .hex("iova", iova)
          .hex("paddr", paddr)
          .hex("pgsize", pgsize)
          .number("pgcount", count)
          .hex("prot", prot);
    }
    Status status;
    if (pgsize != 1L << 12 && pgsize != 1L << 21 && pgsize != 1L << 30) {
      status = Status.fail(Errno.EINVAL, "no such page size");
    } else if (((iova | paddr) & (pgsize - 1)) != 0) {
      status = Status.fail(Errno.EINVAL, "address is not aligned to the page size");
    } else {
      status = intelIommuMap(iova, paddr, pgsize * count, prot);
      if (!status.failed()) {
        progress.set(pgsize * count);
      }
    }
    return parts.leave(status);
  }

  @Override
  public boolean ranged() {
    return generic != null;
  }

  @Override
  public Status mapRange(long iova, long paddr, long length, int prot, MapProgress progress) {
    progress.set(0);
    GenericPageTable walker = generic;
    if (walker == null) {
      return mapPages(iova, paddr, length, 1, prot, progress);
    }
    if ((prot & Protection.WRITE) == 0 && nestedParent) {
      return Status.fail(Errno.EINVAL, "a nest parent has no read-only mappings");
    }
    hasMappings = true;
    return walker.map(iova, paddr, length, entryBits(prot), progress, this::tablesReplaced);
  }

  private void tablesReplaced(long iova, long last, IotlbGather freed) {
    tags.flushRange(iova, last, false);
    freeTables(freed);
  }

  private long entryBits(int prot) {
    long bits = (prot & Protection.READ) != 0 ? SecondStageEntry.R.mask() : 0;
    bits |= (prot & Protection.WRITE) != 0 ? SecondStageEntry.W.mask() : 0;
    return bits | (snoop ? SNOOP : 0);
  }

  private Status intelIommuMap(long iova, long paddr, long size, int prot) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_map")
          .hex("iova", iova)
          .hex("hpa", paddr)
          .hex("size", size)
          .hex("iommu_prot", prot);
    }
    Status status;
    if (Long.compareUnsigned(iova + size - 1, apertureEnd()) > 0) {
      status = Status.fail(Errno.EFAULT, "the range ends beyond " + addressBits + " bits");
    } else {
      status = domainMapping(iova >>> 12, paddr >>> 12, size >>> 12, entryBits(prot));
    }
    return parts.leave(status);
  }

  private Status domainMapping(long iovPfn, long physPfn, long pages, long prot) {
    if (trace.isOn()) {
      trace
          .enter("__domain_mapping")
          .hex("iov_pfn", iovPfn)
          .hex("phys_pfn", physPfn)
          .number("nr_pages", pages)
          .hex("prot", prot);
    }
    return parts.leave(writeMapping(iovPfn, physPfn, pages, prot));
  }

  private Status writeMapping(long iovPfn, long physPfn, long pages, long prot) {
    boolean write = (prot & SecondStageEntry.W.mask()) != 0;
    if (!write && (prot & SecondStageEntry.R.mask()) == 0) {
      return Status.fail(Errno.EINVAL, "neither read nor write is allowed");
    }
    if (!write && nestedParent) {
      return Status.fail(Errno.EINVAL, "a nest parent has no read-only mappings");
    }
    hasMappings = true;
    long attributes = prot | (parts.era().leafAlwaysReadable() ? SecondStageEntry.R.mask() : 0);
    return table.map(iovPfn, physPfn, pages, attributes, this::superpageReplaces);
  }

  private void superpageReplaces(long startPfn, long endPfn, IotlbGather freed) {
    tags.flushRange(startPfn << 12, (endPfn << 12) + 4095, false);
    freeTables(freed);
  }

  @Override
  public boolean needsSyncMap() {
    for (UnitLink link : links) {
      if (link.unit().cachingMode() || link.unit().capable(CapabilityLayout.RWBF)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Status iotlbSyncMap(long iova, long size) {
    if (trace.isOn()) {
      trace.enter("intel_iommu_iotlb_sync_map").hex("iova", iova).hex("size", size);
    }
    tags.flushRangeNotPresent(iova, iova + size - 1);
    return parts.leave(Status.OK);
  }

  // ---- unmap ------------------------------------------------------------------------------------

  @Override
  public long unmapPages(long iova, long pgsize, long count, IotlbGather gather) {
    long size = pgsize * count;
    GenericPageTable walker = generic;
    if (walker != null) {
      long done = walker.unmap(iova, size, gather);
      if (!gather.queued() && done > 0) {
        api.gatherAdd(this, gather, iova, done);
      }
      return done;
    }
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_unmap_pages")
          .hex("iova", iova)
          .hex("pgsize", pgsize)
          .number("pgcount", count);
    }
    long leaf = 1L << 12 + 9 * (table.leafLevel(iova >>> 12) - 1);
    size = Math.max(size, leaf);
    table.unmap(iova >>> 12, (iova + size - 1) >>> 12, gather);
    if (!gather.queued()) {
      api.gatherAdd(this, gather, iova, size);
    }
    if (trace.isOn()) {
      trace.leave("0x%x".formatted(size));
    }
    return size;
  }

  @Override
  public void iotlbSync(IotlbGather gather) {
    if (gather.pgsize() != 0) {
      if (trace.isOn()) {
        trace
            .enter("intel_iommu_tlb_sync")
            .hex("start", gather.start())
            .hex("end", gather.end())
            .number("freelist", gather.freeCount());
      }
      tags.flushRange(gather.start(), gather.end(), gather.freeCount() == 0);
      freeTables(gather);
      if (trace.isOn()) {
        trace.leave();
      }
    } else {
      freeTables(gather);
    }
  }

  private void freeTables(IotlbGather gather) {
    for (int i = 0; i < gather.freeCount(); i++) {
      parts.frames().free(gather.freeAt(i));
    }
  }

  @Override
  public void flushIotlbAll() {
    tags.flushAll();
  }

  @Override
  public long iovaToPhys(long iova) {
    return Long.compareUnsigned(iova, apertureEnd()) > 0 ? -1 : table.lookup(iova);
  }

  @Override
  public boolean enforceCacheCoherency() {
    if (hasMappings && !snoop) {
      return false;
    }
    for (UnitLink link : links) {
      if (!link.unit().extended(ExtendedCapabilityLayout.SC)) {
        return false;
      }
    }
    snoop = true;
    return true;
  }

  // ---- for the driver's own DMA operations, up to Linux 5.10 ------------------------------------

  /** {@code domain_mapping()}: writes the tables and lets units with caching mode know. */
  public Status domainMapping(long iovPfn, long physPfn, long pages, boolean read, boolean write) {
    long prot = (read ? SecondStageEntry.R.mask() : 0) | (write ? SecondStageEntry.W.mask() : 0);
    Status status = domainMapping(iovPfn, physPfn, pages, prot);
    if (!status.failed() && needsSyncMap()) {
      tags.flushRangeNotPresent(iovPfn << 12, ((iovPfn + pages) << 12) - 1);
    }
    return status;
  }

  /** {@code domain_unmap()}: clears entries; empty tables go to the gather's list. */
  public void domainUnmap(long firstPfn, long lastPfn, IotlbGather gather) {
    if (trace.isOn()) {
      trace.enter("domain_unmap").hex("start_pfn", firstPfn).hex("last_pfn", lastPfn);
    }
    table.unmap(firstPfn, lastPfn, gather);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code iommu_flush_iotlb_psi()} on every unit, then {@code dma_free_pagelist()}. */
  public void flushPages(long firstPfn, long lastPfn, IotlbGather gather) {
    tags.flushRange(firstPfn << 12, (lastPfn << 12) + 4095, gather.freeCount() == 0);
    freeTables(gather);
    gather.reset();
  }

  /** Every unit answers zero-length reads of write-only pages (CAP.ZLR). */
  public boolean zeroLengthReads() {
    for (UnitLink link : links) {
      if (!link.unit().capable(CapabilityLayout.ZLR)) {
        return false;
      }
    }
    return true;
  }

  // ---- units ------------------------------------------------------------------------------------

  /** Units it is known to, by name, with its id there. */
  public Map<String, Integer> attachments() {
    var ids = new LinkedHashMap<String, Integer>();
    links.forEach(link -> ids.put(link.unit().name(), link.domainId()));
    return ids;
  }

  @Nullable UnitLink link(IntelUnit unit) {
    for (UnitLink link : links) {
      if (link.unit() == unit) {
        return link;
      }
    }
    return null;
  }

  /** {@code domain_attach_iommu()}: the domain's id on the unit, taken at the first device. */
  Status attachUnit(IntelUnit unit) {
    UnitLink known = link(unit);
    if (known != null) {
      known.users++;
      return Status.OK;
    }
    int did = unit.takeDomainId();
    if (did < 0) {
      return Status.fail(Errno.ENOSPC, unit.name() + " has no free domain id");
    }
    links.add(new UnitLink(unit, did));
    if (trace.isOn()) {
      trace.effect("DID %x on %s".formatted(did, unit.name()));
    }
    return Status.OK;
  }

  /** {@code domain_detach_iommu()}. */
  void detachUnit(IntelUnit unit) {
    UnitLink known = link(unit);
    if (known != null && --known.users == 0) {
      unit.freeDomainId(known.domainId());
      links.remove(known);
    }
  }

  @Override
  protected void release() {
    table.free();
  }
}
