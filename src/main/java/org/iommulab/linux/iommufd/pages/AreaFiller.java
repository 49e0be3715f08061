package org.iommulab.linux.iommufd.pages;

import java.util.List;
import java.util.function.LongSupplier;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/** Pins areas and writes them into domains, and takes them out again (iommufd/pages.c). */
public final class AreaFiller {

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuApi api;
  private final LongSupplier batchBytes;

  /**
   * @param batchBytes how much memory a batch may take just now
   */
  public AreaFiller(KernelParts parts, IommuApi api, LongSupplier batchBytes) {
    this.parts = parts;
    this.trace = parts.trace();
    this.api = api;
    this.batchBytes = batchBytes;
  }

  // ---- filling ----------------------------------------------------------------------------------

  /** {@code iopt_area_fill_domains()}: a new area goes into every domain, or into none. */
  Status fillDomains(IoptArea area, List<PagingDomain> domains) {
    if (domains.isEmpty() || area.source().isRevoked()) {
      return Status.OK;
    }
    if (trace.isOn()) {
      trace
          .enter("iopt_area_fill_domains")
          .hex("iova", area.start())
          .hex("length", area.length())
          .number("domains", domains.size());
    }
    return parts.leave(fill(area, domains));
  }

  /** {@code iopt_area_fill_domain()}: an existing area goes into a new domain. */
  Status fillDomain(IoptArea area, PagingDomain domain) {
    if (trace.isOn()) {
      trace
          .enter("iopt_area_fill_domain")
          .hex("iova", area.start())
          .hex("length", area.length())
          .number("domain", domain.id());
    }
    return parts.leave(fill(area, List.of(domain)));
  }

  private Status fill(IoptArea area, List<PagingDomain> domains) {
    Status status = parts.allocate("struct pfn_batch");
    if (status.failed()) {
      return status;
    }
    var reader =
        new PfnReader(
            parts, batchBytes.getAsLong(), area.source(), area.startIndex(), area.lastIndex());
    status = reader.next();
    long mappedTo = area.startIndex();
    int domainsAhead = 0;
    while (!status.failed() && !reader.done()) {
      for (PagingDomain domain : domains) {
        status = batchToDomain(reader.batch(), domain, area, reader.batchStart());
        if (status.failed()) {
          break;
        }
        domainsAhead++;
      }
      if (status.failed()) {
        break;
      }
      domainsAhead = 0;
      mappedTo = reader.batchStart() + reader.batch().totalPfns();
      status = reader.next();
    }
    long aheadTo = mappedTo + (domainsAhead > 0 ? reader.batch().totalPfns() : 0);
    if (!status.failed()) {
      status = area.source().updatePinned();
    }
    if (status.failed()) {
      for (int i = 0; i < domains.size(); i++) {
        unmapPages(area, domains.get(i), i < domainsAhead ? aheadTo : mappedTo);
      }
      reader.unpinAll();
      return status;
    }
    if (area.storageDomain() == null) {
      area.source().dropHeldFrames(area.startIndex(), area.lastIndex());
      area.setStorageDomain(domains.getFirst());
    }
    return Status.OK;
  }

  /** Takes the pages from the area's first one up to {@code endIndex} out of a domain. */
  private void unmapPages(IoptArea area, PagingDomain domain, long endIndex) {
    if (endIndex > area.startIndex()) {
      long end = endIndex > area.lastIndex() ? area.last() + 1 : area.iovaOfPage(endIndex);
      api.unmap(domain, area.start(), end - area.start());
    }
  }

  /** {@code batch_to_domain()}: one {@code iommu_map()} for each run of neighbouring frames. */
  private Status batchToDomain(
      PfnBatch batch, PagingDomain domain, IoptArea area, long startIndex) {
    if (trace.isOn()) {
      trace
          .enter("batch_to_domain")
          .number("domain", domain.id())
          .hex("start_index", startIndex)
          .number("runs", batch.runs());
      trace.effect("batch " + batch);
    }
    int offset = startIndex == area.startIndex() ? area.pageOffset() : 0;
    long start = area.iovaOfPage(startIndex);
    long iova = start;
    Status status = Status.OK;
    for (int i = 0; i < batch.runs() && !status.failed(); i++) {
      long bytes = Unsigned.min(Page.address(batch.count(i)) - offset, area.last() + 1 - iova);
      long physical = Page.address(batch.pfn(i)) + offset;
      status =
          area.table().largePages()
              ? api.map(domain, iova, physical, bytes, area.prot())
              : mapSmall(domain, iova, physical, bytes, area.prot());
      if (!status.failed()) {
        iova += bytes;
        offset = 0;
      }
    }
    if (status.failed() && iova != start) {
      api.unmap(domain, start, iova - start);
    }
    return parts.leave(status);
  }

  /** {@code batch_iommu_map_small()}: large pages are off, so each page has its own call. */
  private Status mapSmall(PagingDomain domain, long iova, long physical, long size, int prot) {
    if (trace.isOn()) {
      trace
          .enter("batch_iommu_map_small")
          .hex("iova", iova)
          .hex("paddr", physical)
          .hex("size", size);
    }
    Status status = Status.OK;
    long done = 0;
    while (done < size && !status.failed()) {
      long step = Math.min(size - done, 4096 - (physical + done & 4095));
      status = api.map(domain, iova + done, physical + done, step, prot);
      if (!status.failed()) {
        done += step;
      }
    }
    if (status.failed() && done > 0) {
      api.unmap(domain, iova, done);
    }
    return parts.leave(status);
  }

  // ---- taking out -------------------------------------------------------------------------------

  /** {@code iopt_area_unfill_domains()}: out of every domain, unpinning behind the last one. */
  void unfillDomains(IoptArea area, List<PagingDomain> domains) {
    PagingDomain storage = area.storageDomain();
    if (storage == null) {
      return;
    }
    if (trace.isOn()) {
      trace
          .enter("iopt_area_unfill_domains")
          .hex("iova", area.start())
          .hex("length", area.length())
          .number("domains", domains.size());
    }
    for (PagingDomain domain : domains) {
      if (domain != storage) {
        api.unmap(domain, area.start(), area.length());
      }
    }
    unpinDomain(area, storage);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code iopt_area_unpin_domain()}: unmaps and then unpins, never the other way round. */
  void unpinDomain(IoptArea area, PagingDomain domain) {
    if (trace.isOn()) {
      trace.enter("iopt_area_unpin_domain").number("domain", domain.id()).hex("iova", area.start());
    }
    IoptPages pages = area.source();
    pages.keepHeldFrames(area.startIndex(), area.lastIndex());
    area.setStorageDomain(null);
    var batch = new PfnBatch(batchBytes.getAsLong());
    long index = area.startIndex();
    while (index <= area.lastIndex()) {
      long first = index;
      batch.clear();
      while (index <= area.lastIndex()
          && batch.add(Page.number(domain.iovaToPhys(area.iovaOfPage(index))), 1)) {
        index++;
      }
      long from = area.iovaOfPage(first);
      long to = index > area.lastIndex() ? area.last() + 1 : area.iovaOfPage(index);
      api.unmap(domain, from, to - from);
      batchUnpin(pages, batch, first);
    }
    pages.updatePinned();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code batch_unpin()}: pages that others still use stay pinned. */
  private void batchUnpin(IoptPages pages, PfnBatch batch, long firstIndex) {
    if (trace.isOn()) {
      trace.enter("batch_unpin").number("npages", batch.totalPfns());
    }
    long index = firstIndex;
    long unpinned = 0;
    for (int i = 0; i < batch.runs(); i++) {
      long done = 0;
      while (done < batch.count(i)) {
        long free = freeRun(pages, index + done, batch.count(i) - done);
        if (free > 0) {
          pages.unpin(batch.pfn(i) + done, free);
          unpinned += free;
        }
        done += Math.max(1, free);
      }
      index += batch.count(i);
    }
    if (trace.isOn()) {
      trace.effect(unpinned + (unpinned == 1 ? " page unpinned" : " pages unpinned"));
      trace.leave();
    }
  }

  private static long freeRun(IoptPages pages, long index, long limit) {
    return Math.min(limit, pages.nextKnown(index) - index);
  }

  /** {@code iopt_area_unmap_domain()}: out of one domain while others keep it. */
  void unmapDomain(IoptArea area, PagingDomain domain) {
    api.unmap(domain, area.start(), area.length());
  }
}
