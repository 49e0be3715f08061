package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/**
 * Untranslated DMA ({@code kernel/dma/direct.c}): the device gets the physical address, or that of
 * a copy if it cannot reach the buffer.
 */
final class DirectDma {

  private final DmaContext context;
  private final CallTrace trace;

  DirectDma(DmaContext context) {
    this.context = context;
    this.trace = context.trace();
  }

  DmaMapping map(DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      boolean byPhys = context.rules().byPhysicalAddress();
      trace
          .enter(byPhys ? "dma_direct_map_phys" : "dma_direct_map_page")
          .hex("phys", phys)
          .hex("size", size)
          .text("dir", direction.name());
    }
    return context.leave(mapOrBounce(device, phys, size, direction, skipSync));
  }

  private DmaMapping mapOrBounce(
      DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    Swiotlb swiotlb = context.swiotlb();
    if (swiotlb.isForced()) {
      return bounce(device, phys, size, direction, skipSync);
    }
    if (device.reaches(phys, size)) {
      return DmaMapping.at(phys);
    }
    if (swiotlb.isActive()) {
      return bounce(device, phys, size, direction, skipSync);
    }
    context.logOnce(
        "dma_direct_map_phys",
        String.format(
            Locale.ROOT,
            "%s: DMA addr 0x%016x+%d overflow (mask %x, bus limit 0).",
            device.label(),
            phys,
            size,
            device.mask()));
    return DmaMapping.fail(
        Errno.EIO, "the device cannot reach the buffer, and there is no bounce buffer");
  }

  /** Registers are reached where they are, or not at all. */
  DmaMapping mapResource(DmaDevice device, long phys, long size) {
    if (device.reaches(phys, size)) {
      return DmaMapping.at(phys);
    }
    context.logOnce(
        "dma_direct_map_resource",
        String.format(
            Locale.ROOT,
            "%s: DMA addr 0x%016x+%d overflow (mask %x, bus limit 0).",
            device.label(),
            phys,
            size,
            device.mask()));
    return DmaMapping.fail(Errno.EIO, "the device cannot reach the registers");
  }

  private DmaMapping bounce(
      DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      trace.enter("swiotlb_map").hex("paddr", phys).hex("size", size);
      trace.effect("event swiotlb_bounced");
    }
    return context.leave(bounced(device, phys, size, direction, skipSync));
  }

  private DmaMapping bounced(
      DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    long copy = context.bounce(device, phys, size, 0, direction, skipSync);
    if (copy == Swiotlb.NO_ADDRESS) {
      return DmaMapping.fail(Errno.ENOMEM, "swiotlb buffer is full");
    }
    if (!device.reaches(copy, size)) {
      context.swiotlb().tblUnmapSingle(copy, size, direction, true);
      context.logOnce(
          "swiotlb_map",
          String.format(
              Locale.ROOT,
              "%s: swiotlb addr 0x%016x+%d overflow (mask %x, bus limit 0).",
              device.label(),
              copy,
              size,
              device.mask()));
      return DmaMapping.fail(Errno.EIO, "the device cannot reach the bounce buffer either");
    }
    return DmaMapping.at(copy);
  }

  Status unmap(long address, long size, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      boolean byPhys = context.rules().byPhysicalAddress();
      trace
          .enter(byPhys ? "dma_direct_unmap_phys" : "dma_direct_unmap_page")
          .hex("addr", address)
          .hex("size", size)
          .text("dir", direction.name());
    }
    if (context.swiotlb().contains(address)) {
      if (context.rules().copiesOutTwice() && !skipSync) {
        context.swiotlb().syncForCpu(address, size, direction);
      }
      context.swiotlb().tblUnmapSingle(address, size, direction, skipSync);
    }
    return context.parts().leave(Status.OK);
  }

  void sync(long address, long size, DmaDirection direction, boolean forDevice) {
    if (trace.isOn()) {
      trace
          .enter(forDevice ? "dma_direct_sync_single_for_device" : "dma_direct_sync_single_for_cpu")
          .hex("addr", address)
          .hex("size", size);
    }
    context.sync(address, size, direction, forDevice);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  SgMapping mapSg(
      DmaDevice device, List<SgMapping.Entry> entries, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      trace.enter("dma_direct_map_sg").number("nents", entries.size());
    }
    var segments = new ArrayList<SgMapping.Segment>();
    SgMapping result = null;
    for (SgMapping.Entry entry : entries) {
      DmaMapping mapping = map(device, entry.phys(), entry.length(), direction, skipSync);
      if (mapping.failed()) {
        segments.forEach(done -> unmap(done.address(), done.length(), direction, true));
        result = SgMapping.fail(Status.fail(Errno.EIO, mapping.status().cause()));
        break;
      }
      segments.add(new SgMapping.Segment(mapping.address(), entry.length()));
    }
    if (result == null) {
      result = new SgMapping(segments, Status.OK);
    }
    context.parts().leave(result.status());
    return result;
  }

  Status unmapSg(List<SgMapping.Segment> segments, DmaDirection direction) {
    if (trace.isOn()) {
      trace.enter("dma_direct_unmap_sg").number("nents", segments.size());
    }
    segments.forEach(segment -> unmap(segment.address(), segment.length(), direction, false));
    return context.parts().leave(Status.OK);
  }

  /** Coherent memory never bounces: it comes from where the device can reach. */
  CoherentMemory alloc(DmaDevice device, long size, long wishedPhys) {
    if (trace.isOn()) {
      trace.enter("dma_direct_alloc").hex("size", size).text("dev", device.pci().name());
      trace.enter("__dma_direct_alloc_pages").hex("size", size);
    }
    long count = Page.count(size);
    var pages = CoherentPages.contiguous(context.parts(), count, device.coherentMask(), wishedPhys);
    context.parts().leave(pages.status());
    CoherentMemory memory;
    if (pages.status().failed()) {
      memory = CoherentMemory.fail(pages.status());
    } else if (Long.compareUnsigned(pages.first() + size - 1, device.coherentMask()) > 0) {
      pages.free(context.parts());
      memory =
          CoherentMemory.fail(Status.fail(Errno.ENOMEM, "the device cannot reach those pages"));
    } else {
      memory = new CoherentMemory(pages, pages.first(), false, Status.OK);
    }
    context.parts().leave(memory.status());
    return memory;
  }
}
