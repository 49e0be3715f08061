package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/** Translated DMA with the common code of {@code drivers/iommu/dma-iommu.c}. */
final class IommuDma implements TranslatedDma {

  private static final String FILE = "drivers/iommu/dma-iommu.c";

  private final DmaContext context;
  private final CallTrace trace;
  private final SgMapper sgMapper;

  IommuDma(DmaContext context) {
    this.context = context;
    this.trace = context.trace();
    this.sgMapper = new SgMapper(context);
  }

  private static int prot(DmaDirection direction) {
    int prot = Protection.CACHE;
    prot |= direction.toDevice() ? Protection.READ : 0;
    return prot | (direction.fromDevice() ? Protection.WRITE : 0);
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
    if (trace.isOn()) {
      trace
          .enter(context.rules().byPhysicalAddress() ? "iommu_dma_map_phys" : "iommu_dma_map_page")
          .hex("phys", phys)
          .hex("size", size)
          .text("dir", direction.name());
    }
    boolean partial = cookie.offset(phys | size) != 0;
    return context.leave(
        device.untrusted() && partial
            ? mapBounced(device, cookie, phys, size, direction, skipSync)
            : mapAligned(device, cookie, phys, size, prot(direction), device.mask()));
  }

  /** Neighbours in a page must not become visible to a device nobody trusts. */
  private DmaMapping mapBounced(
      DmaDevice device,
      DmaCookie cookie,
      long phys,
      long size,
      DmaDirection direction,
      boolean skipSync) {
    if (!context.swiotlb().isActive()) {
      context.log(
          device.label()
              + ": DMA bounce buffers are inactive, unable to map unaligned transaction.");
      return DmaMapping.fail(Errno.EIO, "bounce buffers are inactive");
    }
    long copy =
        context.bounce(device, phys, size, cookie.iovad().granule() - 1, direction, skipSync);
    if (copy == Swiotlb.NO_ADDRESS) {
      return DmaMapping.fail(Errno.ENOMEM, "swiotlb buffer is full");
    }
    clearPadding(cookie, copy, size);
    DmaMapping mapping = mapAligned(device, cookie, copy, size, prot(direction), device.mask());
    if (mapping.failed()) {
      context.swiotlb().tblUnmapSingle(copy, size, direction, true);
    }
    return mapping;
  }

  private void clearPadding(DmaCookie cookie, long copy, long size) {
    long end = copy - cookie.offset(copy) + cookie.align(cookie.offset(copy) + size);
    var memory = context.parts().memory();
    int before = (int) cookie.offset(copy);
    int after = (int) (end - copy - size);
    memory.write(copy - before, new byte[before], 0, before);
    memory.write(copy + size, new byte[after], 0, after);
  }

  /** {@code __iommu_dma_map()}. */
  private DmaMapping mapAligned(
      DmaDevice device, DmaCookie cookie, long phys, long size, int prot, long mask) {
    if (trace.isOn()) {
      trace
          .enter("__iommu_dma_map")
          .hex("phys", phys)
          .hex("size", size)
          .hex("prot", prot)
          .hex("dma_mask", mask);
    }
    long offset = cookie.offset(phys);
    long length = cookie.align(size + offset);
    long iova = cookie.allocate(device, length, mask);
    if (iova == 0) {
      return context.leave(DmaMapping.fail(Errno.ENOMEM, "no free IOVA range"));
    }
    Status status =
        context.subsystem().api().map(cookie.domain(), iova, phys - offset, length, prot);
    if (status.failed()) {
      cookie.free(iova, length, null);
      return context.leave(DmaMapping.fail(status));
    }
    return context.leave(DmaMapping.at(iova + offset));
  }

  @Override
  public DmaMapping mapResource(
      DmaDevice device, DmaCookie cookie, long phys, long size, DmaDirection direction) {
    if (trace.isOn()) {
      trace.enter("iommu_dma_map_resource").hex("phys", phys).hex("size", size);
    }
    int prot = prot(direction) & ~Protection.CACHE | Protection.MMIO;
    return context.leave(mapAligned(device, cookie, phys, size, prot, device.mask()));
  }

  @Override
  public Status unmap(
      DmaDevice device,
      DmaCookie cookie,
      long address,
      long size,
      DmaDirection direction,
      boolean skipSync) {
    if (trace.isOn()) {
      boolean phys = context.rules().byPhysicalAddress();
      trace
          .enter(phys ? "iommu_dma_unmap_phys" : "iommu_dma_unmap_page")
          .hex("dma_handle", address)
          .hex("size", size)
          .text("dir", direction.name());
    }
    long phys = cookie.domain().iovaToPhys(address);
    if (phys < 0 && context.rules().looksBeforeUnmap()) {
      // The caller gets no error: the kernel warns, and that is all.
      boolean byPhys = context.rules().byPhysicalAddress();
      context.parts().warn(FILE, byPhys ? "iommu_dma_unmap_phys" : "iommu_dma_unmap_page");
      return context.parts().leave(Status.OK);
    }
    Status status = unmapRange(cookie, address, size);
    if (phys >= 0 && context.swiotlb().contains(phys)) {
      context.swiotlb().tblUnmapSingle(phys, size, direction, skipSync);
    }
    return context.parts().leave(status);
  }

  /** {@code __iommu_dma_unmap()}: tables first, then the IOTLB, then the address. */
  @Override
  public Status unmapRange(DmaCookie cookie, long address, long size) {
    if (trace.isOn()) {
      trace.enter("__iommu_dma_unmap").hex("dma_addr", address).hex("size", size);
    }
    PagingDomain domain = cookie.domain();
    long start = address - cookie.offset(address);
    long length = cookie.align(size + cookie.offset(address));
    var gather = new IotlbGather(cookie.queue() != null);
    long unmapped = context.subsystem().api().unmapFast(domain, start, length, gather);
    if (!gather.queued()) {
      context.subsystem().api().sync(domain, gather);
    }
    cookie.free(start, length, gather);
    if (unmapped != length) {
      context.parts().warn(FILE, "__iommu_dma_unmap");
    }
    return context.parts().leave(Status.OK);
  }

  // ---- scatter lists --------------------------------------------------------------------------

  @Override
  public SgMapping mapSg(
      DmaDevice device, DmaCookie cookie, List<SgMapping.Entry> entries, DmaDirection direction) {
    if (trace.isOn()) {
      trace.enter("iommu_dma_map_sg").number("nents", entries.size()).text("dir", direction.name());
    }
    var layout = new SgLayout(device, cookie, entries);
    SgMapping mapping;
    long iova = cookie.allocate(device, layout.total(), device.mask());
    if (iova == 0) {
      mapping = SgMapping.fail(Status.fail(Errno.ENOMEM, "no free IOVA range"));
    } else {
      Status status = sgMapper.map(cookie.domain(), iova, layout.padded(), prot(direction));
      if (status.failed()) {
        cookie.free(iova, layout.total(), null);
        mapping = SgMapping.fail(status.is(Errno.ENOMEM) ? status : asInvalid(status));
      } else {
        mapping = new SgMapping(layout.segments(iova), Status.OK);
      }
    }
    context.parts().leave(mapping.status());
    return mapping;
  }

  private static Status asInvalid(Status status) {
    return Status.fail(Errno.EINVAL, status.cause());
  }

  @Override
  public Status unmapSg(DmaCookie cookie, List<SgMapping.Segment> segments) {
    if (trace.isOn()) {
      trace.enter("iommu_dma_unmap_sg").number("nents", segments.size());
    }
    long start = segments.getFirst().address();
    long end = segments.getLast().address() + segments.getLast().length();
    return context.parts().leave(unmapRange(cookie, start, end - start));
  }

  // ---- coherent memory ------------------------------------------------------------------------

  @Override
  public CoherentMemory allocCoherent(
      DmaDevice device, DmaCookie cookie, long size, boolean mayBlock, long wishedPhys) {
    if (trace.isOn()) {
      trace.enter("iommu_dma_alloc").hex("size", size).text("dev", device.pci().name());
      trace.enter(mayBlock ? "iommu_dma_alloc_remap" : "iommu_dma_alloc_pages").hex("size", size);
    }
    long length = cookie.align(size);
    CoherentMemory memory =
        mayBlock
            ? scattered(device, cookie, length, wishedPhys)
            : contiguous(device, cookie, length, wishedPhys);
    context.parts().leave(memory.status());
    context.parts().leave(memory.status());
    return memory;
  }

  /** Single pages: one range of addresses for the device, one for the CPU. */
  private CoherentMemory scattered(DmaDevice device, DmaCookie cookie, long size, long wishedPhys) {
    if (trace.isOn()) {
      trace.enter("__iommu_dma_alloc_pages").number("count", Page.number(size));
    }
    var pages = CoherentPages.scattered(context.parts(), Page.number(size), wishedPhys);
    context.parts().leave(pages.status());
    if (pages.status().failed()) {
      return CoherentMemory.fail(pages.status());
    }
    long iova = cookie.allocate(device, size, device.coherentMask());
    Status status =
        iova == 0
            ? Status.fail(Errno.ENOMEM, "no free IOVA range")
            : sgMapper.map(
                cookie.domain(), iova, pages.entries(), prot(DmaDirection.DMA_BIDIRECTIONAL));
    if (status.failed()) {
      if (iova != 0) {
        cookie.free(iova, size, null);
      }
      pages.free(context.parts());
      return CoherentMemory.fail(status);
    }
    return new CoherentMemory(pages, iova, true, Status.OK);
  }

  private CoherentMemory contiguous(
      DmaDevice device, DmaCookie cookie, long size, long wishedPhys) {
    var pages = CoherentPages.contiguous(context.parts(), Page.number(size), -1L, wishedPhys);
    if (pages.status().failed()) {
      return CoherentMemory.fail(pages.status());
    }
    int prot = prot(DmaDirection.DMA_BIDIRECTIONAL);
    DmaMapping mapping =
        mapAligned(device, cookie, pages.first(), size, prot, device.coherentMask());
    if (mapping.failed()) {
      pages.free(context.parts());
      return CoherentMemory.fail(mapping.status());
    }
    return new CoherentMemory(pages, mapping.address(), false, Status.OK);
  }

  @Override
  public String freeName() {
    return "iommu_dma_free";
  }
}
