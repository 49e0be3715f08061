package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.dma.IntelMappings;
import org.iommulab.linux.intel.table.ClassicPageTable;
import org.iommulab.linux.intel.table.GenericPageTable;
import org.iommulab.linux.intel.table.TableFormat;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.MapResult;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.jspecify.annotations.Nullable;

/** A paging domain of the VT-d driver ({@code struct dmar_domain}) by either walker. */
public final class DmarDomain extends IntelDomain implements IntelMappings {

  /**
   * What a domain's table is like.
   *
   * @param format kind of entries, which is also the stage that reads them
   * @param table the table, for the classic walker and for reading
   * @param generic the same table for generic_pt, null if the classic walker writes it
   * @param pageSizes supported sizes as a bitmap
   * @param addressBits width of the IOVA space
   */
  record Table(
      TableFormat format,
      ClassicPageTable table,
      @Nullable GenericPageTable generic,
      long pageSizes,
      int addressBits) {}

  private static final long SNOOP = SecondStageEntry.SNP.mask();

  private final CallTrace trace;
  private final IommuApi api;
  private final PasidEntries entries;
  private final TableFormat format;
  private final ClassicPageTable table;
  private final @Nullable GenericPageTable generic;
  private final long pageSizes;
  private final int addressBits;
  private final int flags;
  private final DirtyTracking dirty;
  private final List<NestedDomain> nested = new ArrayList<>();
  private boolean snoop;
  private boolean hasMappings;

  /**
   * @param flags {@link IommuOps#NEST_PARENT}, {@link IommuOps#DIRTY_TRACKING}
   */
  DmarDomain(
      KernelParts parts,
      IommuApi api,
      IommuOps driver,
      PasidEntries entries,
      int id,
      DomainType type,
      Table made,
      int flags) {
    super(parts, driver, id, type, "", made.format() == TableFormat.FIRST_STAGE);
    this.trace = parts.trace();
    this.api = api;
    this.entries = entries;
    this.format = made.format();
    this.table = made.table();
    this.generic = made.generic();
    this.pageSizes = made.pageSizes();
    this.addressBits = made.addressBits();
    this.flags = flags;
    this.dirty = new DirtyTracking(this, api, entries, table);
  }

  @Override
  public long pageSizes() {
    return smallLeaves() ? 4096 : pageSizes;
  }

  /**
   * Up to 6.12 a default domain knew of large pages only once a device was attached, so that
   * firmware's memory, which is mapped before, lies in small ones.
   */
  private boolean smallLeaves() {
    return parts().era().mapsReservedMemorySmall()
        && (type() == DomainType.DMA || type() == DomainType.DMA_FQ)
        && units().units().isEmpty();
  }

  @Override
  public long apertureStart() {
    return 0;
  }

  @Override
  public long apertureEnd() {
    return (1L << addressBits) - 1;
  }

  @Override
  public long root() {
    return Page.address(table.root());
  }

  @Override
  public int levels() {
    return table.levels();
  }

  @Override
  public int addressBits() {
    return addressBits;
  }

  /** Entries of the first-stage format. */
  public boolean firstStage() {
    return format == TableFormat.FIRST_STAGE;
  }

  /** DMA through it snoops caches. */
  public boolean snoop() {
    return snoop;
  }

  boolean nestedParent() {
    return (flags & IommuOps.NEST_PARENT) != 0;
  }

  /** Domains nested on this one ({@code s1_domains}). */
  List<NestedDomain> nested() {
    return nested;
  }

  // ---- units ------------------------------------------------------------------------------------

  /** {@code paging_domain_compatible()}. */
  @Override
  Status compatible(IntelUnit unit) {
    long offered = firstStage() ? unit.firstStagePageSizes() : unit.pageSizes();
    if ((pageSizes & ~offered) != 0) {
      return refuse("the domain uses page sizes " + unit.name() + " lacks");
    }
    if (firstStage()) {
      boolean walks = unit.scalable() && unit.extended(ExtendedCapabilityLayout.FSTS);
      if (!walks || (levels() == 5 && !unit.capable(CapabilityLayout.FS5LP))) {
        return refuse(unit.name() + " cannot walk the domain's first-stage table");
      }
      return levels() < 4 ? refuse("a first stage has four or five levels") : Status.OK;
    }
    if (unit.scalable() && !unit.extended(ExtendedCapabilityLayout.SSTS)) {
      return refuse(unit.name() + " has no second stage");
    }
    if (levels() != unit.agaw() + 2) {
      return refuse("the domain's table has another depth than " + unit.name());
    }
    if (snoop && !unit.extended(ExtendedCapabilityLayout.SC)) {
      return refuse("the domain forces snooping, " + unit.name() + " cannot");
    }
    if (nestedParent() && !unit.nestedSupported()) {
      return refuse(unit.name() + " cannot nest");
    }
    return dirtyTracking() && !unit.dirtySupported()
        ? refuse(unit.name() + " keeps no dirty bits")
        : Status.OK;
  }

  private static Status refuse(String cause) {
    return Status.fail(Errno.EINVAL, cause);
  }

  @Override
  Status program(DeviceInfo info, Pasid pasid, boolean replacing) {
    int did = id(info.unit());
    return firstStage()
        ? entries.firstLevel(
            info, pasid, new PasidEntries.FirstLevel(root(), did, levels(), snoop), replacing)
        : entries.secondLevel(info, pasid, secondLevel(did), replacing);
  }

  /** Its table as second stage under some domain id. */
  PasidEntries.SecondLevel secondLevel(int did) {
    return new PasidEntries.SecondLevel(root(), did, levels() - 2, dirty.on());
  }

  // ---- map --------------------------------------------------------------------------------------

  @Override
  public MapResult mapPages(long iova, long paddr, long pgsize, long count, int prot) {
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
    }
    return MapResult.of(parts().leave(status));
  }

  @Override
  public boolean ranged() {
    return generic != null;
  }

  @Override
  public MapResult mapRange(long iova, long paddr, long length, int prot) {
    GenericPageTable walker = generic;
    if (walker == null) {
      return mapPages(iova, paddr, length, 1, prot);
    }
    if ((prot & Protection.WRITE) == 0 && nestedParent()) {
      return MapResult.of(refuse("a nest parent has no read-only mappings"));
    }
    hasMappings = true;
    return walker.map(iova, paddr, length, format.leaf(prot, snoop), this::tablesReplaced);
  }

  private void tablesReplaced(long iova, long last, IotlbGather freed) {
    tags().flushRange(iova, last, false);
    freeTables(freed);
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
    int width = firstStage() ? addressBits + 1 : addressBits;
    if (Long.compareUnsigned(iova + size - 1, (1L << width) - 1) > 0) {
      parts()
          .log()
          .print(
              String.format(
                  Locale.ROOT,
                  "DMAR: intel_iommu_map: iommu width (%d) is not sufficient for the mapped"
                      + " address (%x)",
                  width,
                  iova + size));
      status = Status.fail(Errno.EFAULT, "the range ends beyond " + width + " bits");
    } else {
      status = domainMapping(Page.number(iova), Page.number(paddr), Page.number(size), prot);
    }
    return parts().leave(status);
  }

  private Status domainMapping(long iovPfn, long physPfn, long pages, int prot) {
    if (trace.isOn()) {
      long shown = prot & (Protection.READ | Protection.WRITE);
      trace
          .enter("__domain_mapping")
          .hex("iov_pfn", iovPfn)
          .hex("phys_pfn", physPfn)
          .number("nr_pages", pages)
          .hex("prot", snoop && !firstStage() ? shown | SNOOP : shown);
    }
    return parts().leave(writeMapping(iovPfn, physPfn, pages, prot));
  }

  private Status writeMapping(long iovPfn, long physPfn, long pages, int prot) {
    boolean write = (prot & Protection.WRITE) != 0;
    if (!write && (prot & Protection.READ) == 0) {
      return refuse("neither read nor write is allowed");
    }
    if (!write && nestedParent()) {
      return refuse("a nest parent has no read-only mappings");
    }
    hasMappings = true;
    int allowed = parts().era().leafAlwaysReadable() ? prot | Protection.READ : prot;
    return table.map(
        iovPfn,
        physPfn,
        pages,
        format.leaf(allowed, snoop),
        !smallLeaves(),
        this::superpageReplaces);
  }

  private void superpageReplaces(long startPfn, long endPfn, IotlbGather freed) {
    tags().flushRange(Page.address(startPfn), Page.address(endPfn) + 4095, false);
    freeTables(freed);
  }

  @Override
  public boolean needsSyncMap() {
    for (IntelUnit unit : units().units()) {
      if ((unit.cachingMode() && !firstStage()) || unit.capable(CapabilityLayout.RWBF)) {
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
    tags().flushRangeNotPresent(iova, iova + size - 1);
    return parts().leave(Status.OK);
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
    long leaf = 1L << 12 + 9 * (table.leafLevel(Page.number(iova)) - 1);
    size = Math.max(size, leaf);
    table.unmap(Page.number(iova), Page.number(iova + size - 1), gather);
    if (!gather.queued()) {
      api.gatherAdd(this, gather, iova, size);
    }
    if (trace.isOn()) {
      trace.leave(String.format(Locale.ROOT, "0x%x", size));
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
      tags().flushRange(gather.start(), gather.end(), gather.freeCount() == 0);
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
      parts().frames().free(gather.freeAt(i));
    }
  }

  @Override
  public void flushIotlbAll() {
    tags().flushAll();
  }

  @Override
  public long iovaToPhys(long iova) {
    GenericPageTable walker = generic;
    boolean inside =
        walker == null ? Long.compareUnsigned(iova, apertureEnd()) <= 0 : walker.holds(iova, iova);
    return inside ? table.lookup(iova) : -1;
  }

  /** The second stage has a bit in each leaf, the first one in the PASID entries. */
  @Override
  public boolean enforceCacheCoherency() {
    if (snoop) {
      return true;
    }
    if (hasMappings && !firstStage()) {
      return false;
    }
    for (IntelUnit unit : units().units()) {
      if (!unit.extended(ExtendedCapabilityLayout.SC)) {
        return false;
      }
    }
    snoop = true;
    if (firstStage()) {
      devices().forEach(info -> entries.pageSnoop(info, Pasid.OF_REQUESTER));
      pasids().forEach(attached -> entries.pageSnoop(attached.info(), attached.pasid()));
    }
    return true;
  }

  // ---- dirty pages ------------------------------------------------------------------------------

  @Override
  public boolean dirtyTracking() {
    return (flags & IommuOps.DIRTY_TRACKING) != 0;
  }

  @Override
  public Status setDirtyTracking(boolean on) {
    return dirtyTracking() ? dirty.set(on) : IntelMappings.super.setDirtyTracking(on);
  }

  @Override
  public void readDirty(long iova, long length, boolean clear, DirtySink sink) {
    if (dirtyTracking()) {
      dirty.read(iova, length, clear, generic != null, sink);
    }
  }

  // ---- for the driver's own DMA operations, up to Linux 5.10 ------------------------------------

  @Override
  public Status domainMapping(long iovPfn, long physPfn, long pages, boolean read, boolean write) {
    int prot = (read ? Protection.READ : 0) | (write ? Protection.WRITE : 0);
    Status status = domainMapping(iovPfn, physPfn, pages, prot);
    if (!status.failed() && needsSyncMap()) {
      tags().flushRangeNotPresent(Page.address(iovPfn), Page.address(iovPfn + pages) - 1);
    }
    return status;
  }

  @Override
  public void domainUnmap(long firstPfn, long lastPfn, IotlbGather gather) {
    if (trace.isOn()) {
      trace.enter("domain_unmap").hex("start_pfn", firstPfn).hex("last_pfn", lastPfn);
    }
    table.unmap(firstPfn, lastPfn, gather);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  @Override
  public void flushPages(long firstPfn, long lastPfn, IotlbGather gather) {
    tags()
        .flushRange(Page.address(firstPfn), Page.address(lastPfn) + 4095, gather.freeCount() == 0);
    freeTables(gather);
    gather.reset();
  }

  @Override
  public boolean zeroLengthReads() {
    for (IntelUnit unit : units().units()) {
      if (!unit.capable(CapabilityLayout.ZLR)) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected void release() {
    table.free();
  }
}
