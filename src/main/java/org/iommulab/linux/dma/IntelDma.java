package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iova.IovaDomain;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/**
 * Translated DMA as the Intel driver did it by itself up to Linux 5.10. Sizes are rounded up to a
 * power of two pages, coherent memory is one block.
 */
final class IntelDma implements TranslatedDma {

  private final DmaContext context;
  private final CallTrace trace;

  IntelDma(DmaContext context) {
    this.context = context;
    this.trace = context.trace();
  }

  private static IntelMappings domain(DmaCookie cookie) {
    if (cookie.domain() instanceof IntelMappings domain) {
      return domain;
    }
    throw new IllegalStateException("domain " + cookie.domain().id() + " is not VT-d's");
  }

  private static boolean reads(IntelMappings domain, DmaDirection direction) {
    // Without ZLR a zero-length read of a write-only page would fault.
    return direction.toDevice() || !domain.zeroLengthReads();
  }

  private static long pages(long address, long size) {
    return ((address & (Page.BYTES - 1)) + size + Page.BYTES - 1) / Page.BYTES;
  }

  // ---- one buffer -----------------------------------------------------------------------------

  @Override
  public DmaMapping map(
      DmaDevice device,
      DmaCookie cookie,
      long phys,
      long size,
      DmaDirection direction,
      boolean skipSync) {
    if (device.untrusted() && ((phys | size) & (Page.BYTES - 1)) != 0) {
      return bounceMapSingle(device, cookie, phys, size, direction, skipSync);
    }
    if (trace.isOn()) {
      trace.enter("intel_map_page").hex("phys", phys).hex("size", size);
    }
    return context.leave(mapSingle(device, cookie, phys, size, direction, device.mask()));
  }

  @Override
  public DmaMapping mapResource(
      DmaDevice device, DmaCookie cookie, long phys, long size, DmaDirection direction) {
    if (trace.isOn()) {
      trace.enter("intel_map_resource").hex("phys_addr", phys).hex("size", size);
    }
    return context.leave(mapSingle(device, cookie, phys, size, direction, device.mask()));
  }

  private DmaMapping bounceMapSingle(
      DmaDevice device,
      DmaCookie cookie,
      long phys,
      long size,
      DmaDirection direction,
      boolean skipSync) {
    if (trace.isOn()) {
      trace.enter("bounce_map_single").hex("paddr", phys).hex("size", size);
    }
    long copy = context.bounce(device, phys, size, Page.BYTES - 1, direction, skipSync);
    DmaMapping mapping =
        copy == Swiotlb.NO_ADDRESS
            ? DmaMapping.fail(Errno.ENOMEM, "swiotlb buffer is full")
            : mapSingle(device, cookie, copy, size, direction, device.mask());
    if (mapping.failed() && copy != Swiotlb.NO_ADDRESS) {
      context.swiotlb().tblUnmapSingle(copy, size, direction, true);
    }
    return context.leave(mapping);
  }

  /** {@code __intel_map_single()}. */
  private DmaMapping mapSingle(
      DmaDevice device, DmaCookie cookie, long phys, long size, DmaDirection direction, long mask) {
    if (trace.isOn()) {
      trace.enter("__intel_map_single").hex("paddr", phys).hex("size", size);
      trace.text("dir", direction.name()).hex("dma_mask", mask);
    }
    IntelMappings domain = domain(cookie);
    long count = pages(phys, size);
    long iova = allocIova(device, cookie, count, mask);
    if (iova == 0) {
      return context.leave(DmaMapping.fail(Errno.ENOMEM, "no free IOVA range"));
    }
    if (trace.isOn()) {
      trace
          .enter("domain_pfn_mapping")
          .hex("iov_pfn", Page.number(iova))
          .hex("phys_pfn", Page.number(phys));
      trace.enter("domain_mapping").number("nr_pages", count);
    }
    Status status =
        domain.domainMapping(
            Page.number(iova),
            Page.number(phys),
            count,
            reads(domain, direction),
            direction.fromDevice());
    context.parts().leave(status);
    context.parts().leave(status);
    if (status.failed()) {
      cookie.free(iova, IovaDomain.roundUp(count) * Page.BYTES, null);
      context.log(
          String.format(
              Locale.ROOT,
              "DMAR: Device request: %x@%x dir %d --- failed",
              size,
              phys,
              direction.ordinal()));
      return context.leave(DmaMapping.fail(status));
    }
    return context.leave(DmaMapping.at(iova + (phys & (Page.BYTES - 1))));
  }

  private long allocIova(DmaDevice device, DmaCookie cookie, long count, long mask) {
    if (trace.isOn()) {
      trace.enter("intel_alloc_iova").number("nrpages", count).hex("dma_mask", mask);
    }
    long iova = cookie.find(device, IovaDomain.roundUp(count), mask);
    if (iova == 0) {
      context.log("DMAR: Allocating " + count + "-page iova failed");
    }
    if (trace.isOn()) {
      trace.leave("0x" + Long.toHexString(iova));
    }
    return iova;
  }

  @Override
  public Status unmap(
      DmaDevice device,
      DmaCookie cookie,
      long address,
      long size,
      DmaDirection direction,
      boolean skipSync) {
    // It does not look whether anything is there: the address becomes free once more.
    long phys = cookie.domain().iovaToPhys(address);
    Status status = unmapRange(cookie, address, size);
    if (phys >= 0 && context.swiotlb().contains(phys)) {
      context.swiotlb().tblUnmapSingle(phys, size, direction, skipSync);
    }
    return status;
  }

  /** {@code intel_unmap()}. */
  @Override
  public Status unmapRange(DmaCookie cookie, long address, long size) {
    if (trace.isOn()) {
      trace.enter("intel_unmap").hex("dev_addr", address).hex("size", size);
    }
    IntelMappings domain = domain(cookie);
    long count = pages(address, size);
    long start = Page.number(address);
    boolean lazy = cookie.queue() != null;
    var gather = new IotlbGather(lazy);
    domain.domainUnmap(start, start + count - 1, gather);
    if (!lazy) {
      domain.flushPages(start, start + count - 1, gather);
    }
    cookie.free(Page.address(start), IovaDomain.roundUp(count) * Page.BYTES, gather);
    return context.parts().leave(Status.OK);
  }

  // ---- scatter lists --------------------------------------------------------------------------

  @Override
  public SgMapping mapSg(
      DmaDevice device, DmaCookie cookie, List<SgMapping.Entry> entries, DmaDirection direction) {
    if (trace.isOn()) {
      trace.enter("intel_map_sg").number("nelems", entries.size()).text("dir", direction.name());
    }
    SgMapping mapping = mapEntries(device, cookie, entries, direction);
    context.parts().leave(mapping.status());
    return mapping;
  }

  private SgMapping mapEntries(
      DmaDevice device, DmaCookie cookie, List<SgMapping.Entry> entries, DmaDirection direction) {
    long total = 0;
    for (SgMapping.Entry entry : entries) {
      total += pages(entry.phys(), entry.length());
    }
    long iova = allocIova(device, cookie, total, device.mask());
    if (iova == 0) {
      return SgMapping.fail(Status.fail(Errno.ENOMEM, "no free IOVA range"));
    }
    if (trace.isOn()) {
      trace.enter("domain_sg_mapping").hex("iov_pfn", Page.number(iova)).number("nr_pages", total);
    }
    IntelMappings domain = domain(cookie);
    var segments = new ArrayList<SgMapping.Segment>();
    Status status = Status.OK;
    long at = iova;
    for (SgMapping.Entry entry : entries) {
      long count = pages(entry.phys(), entry.length());
      status =
          domain.domainMapping(
              Page.number(at),
              Page.number(entry.phys()),
              count,
              reads(domain, direction),
              direction.fromDevice());
      if (status.failed()) {
        break;
      }
      segments.add(new SgMapping.Segment(at + (entry.phys() & (Page.BYTES - 1)), entry.length()));
      at += count * Page.BYTES;
    }
    context.parts().leave(status);
    if (!status.failed()) {
      return new SgMapping(segments, Status.OK);
    }
    if (at > iova) {
      var gather = new IotlbGather(false);
      domain.domainUnmap(Page.number(iova), Page.number(at) - 1, gather);
      domain.flushPages(Page.number(iova), Page.number(at) - 1, gather);
    }
    cookie.free(iova, IovaDomain.roundUp(total) * Page.BYTES, null);
    return SgMapping.fail(status);
  }

  @Override
  public Status unmapSg(DmaCookie cookie, List<SgMapping.Segment> segments) {
    if (trace.isOn()) {
      trace.enter("intel_unmap_sg").number("nelems", segments.size());
    }
    long total = 0;
    for (SgMapping.Segment segment : segments) {
      total += pages(segment.address(), segment.length());
    }
    long start = segments.getFirst().address() & -Page.BYTES;
    return context.parts().leave(unmapRange(cookie, start, total * Page.BYTES));
  }

  // ---- coherent memory ------------------------------------------------------------------------

  @Override
  public CoherentMemory allocCoherent(
      DmaDevice device, DmaCookie cookie, long size, boolean mayBlock, long wishedPhys) {
    if (trace.isOn()) {
      trace.enter("intel_alloc_coherent").hex("size", size).text("dev", device.pci().name());
    }
    CoherentMemory memory = block(device, cookie, size, mayBlock, wishedPhys);
    context.parts().leave(memory.status());
    return memory;
  }

  private CoherentMemory block(
      DmaDevice device, DmaCookie cookie, long size, boolean mayBlock, long wishedPhys) {
    long count = (size + Page.BYTES - 1) / Page.BYTES;
    int order = Long.numberOfTrailingZeros(IovaDomain.roundUp(count));
    if (trace.isOn()) {
      if (mayBlock) {
        trace.enter("dma_alloc_from_contiguous").number("count", count).number("order", order);
        trace.leave("NULL (no CMA area)");
      }
      trace.enter("alloc_pages").number("order", order);
    }
    var pages = CoherentPages.contiguous(context.parts(), count, -1L, wishedPhys);
    if (trace.isOn()) {
      if (!pages.status().failed()) {
        trace.effect(
            String.format(
                Locale.ROOT, "a block of %d pages at 0x%x", pages.block(), pages.first()));
      }
      context.parts().leave(pages.status());
    }
    if (pages.status().failed()) {
      return CoherentMemory.fail(pages.status());
    }
    DmaMapping mapping =
        mapSingle(
            device,
            cookie,
            pages.first(),
            count * Page.BYTES,
            DmaDirection.DMA_BIDIRECTIONAL,
            device.coherentMask());
    if (mapping.failed()) {
      pages.free(context.parts());
      return CoherentMemory.fail(mapping.status());
    }
    return new CoherentMemory(pages, mapping.address(), false, Status.OK);
  }

  @Override
  public String freeName() {
    return "intel_free_coherent";
  }
}
