package org.iommulab.linux.dma;

import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/** One buffer at a time: map, unmap, sync; also registers of another device. */
final class StreamingDma {

  private final DmaPaths paths;
  private final DmaContext context;
  private final CallTrace trace;

  StreamingDma(DmaPaths paths) {
    this.paths = paths;
    this.context = paths.context();
    this.trace = context.trace();
  }

  DmaMapping map(DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    boolean byPhys = context.rules().byPhysicalAddress();
    if (trace.isOn()) {
      paths
          .enter("dma_map_page_attrs", device)
          .hex("page", Page.number(phys))
          .hex("offset", phys & 4095)
          .hex("size", size)
          .text("dir", direction.name());
      if (byPhys) {
        paths.enter("dma_map_phys", device).hex("phys", phys).hex("size", size);
      }
    }
    DmaMapping mapping;
    Status usable = paths.check(device, size, direction);
    if (usable.failed()) {
      mapping = DmaMapping.fail(usable);
    } else {
      DmaCookie cookie = paths.way(device);
      mapping =
          cookie == null
              ? paths.direct().map(device, phys, size, direction, skipSync)
              : paths.translation().map(device, cookie, phys, size, direction, skipSync);
    }
    if (byPhys) {
      context.leave(mapping);
    }
    return context.leave(mapping);
  }

  Status unmap(
      DmaDevice device, long address, long size, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      paths
          .enter("dma_unmap_page_attrs", device)
          .hex("addr", address)
          .hex("size", size)
          .text("dir", direction.name());
    }
    Status status = paths.check(device, size, direction);
    if (!status.failed()) {
      DmaCookie cookie = paths.way(device);
      status =
          cookie == null
              ? paths.direct().unmap(address, size, direction, skipSync)
              : paths.translation().unmap(device, cookie, address, size, direction, skipSync);
    }
    return paths.leave(status);
  }

  Status sync(
      DmaDevice device, long address, long size, DmaDirection direction, boolean forDevice) {
    if (trace.isOn()) {
      paths
          .enter(forDevice ? "dma_sync_single_for_device" : "dma_sync_single_for_cpu", device)
          .hex("addr", address)
          .hex("size", size)
          .text("dir", direction.name());
    }
    Status status = paths.check(device, size, direction);
    if (!status.failed()) {
      copy(device, address, size, direction, forDevice);
    }
    return paths.leave(status);
  }

  private void copy(
      DmaDevice device, long address, long size, DmaDirection direction, boolean forDevice) {
    DmaCookie cookie = paths.domains().of(device);
    if (cookie == null) {
      paths.direct().sync(address, size, direction, forDevice);
    } else {
      long phys = cookie.domain().iovaToPhys(address);
      if (phys >= 0) {
        context.sync(phys, size, direction, forDevice);
      }
    }
  }

  // ---- registers of another device --------------------------------------------------------------

  DmaMapping mapResource(DmaDevice device, long phys, long size, DmaDirection direction) {
    if (trace.isOn()) {
      paths
          .enter("dma_map_resource", device)
          .hex("phys_addr", phys)
          .hex("size", size)
          .text("dir", direction.name());
    }
    return context.leave(resource(device, phys, size, direction));
  }

  private DmaMapping resource(DmaDevice device, long phys, long size, DmaDirection direction) {
    Status usable = paths.check(device, size, direction);
    if (usable.failed()) {
      return DmaMapping.fail(usable);
    }
    if (context.parts().memory().isRam(Page.start(phys), 4096)) {
      return DmaMapping.fail(Errno.EINVAL, "that is memory; resources are registers");
    }
    DmaCookie cookie = paths.way(device);
    return cookie == null
        ? paths.direct().mapResource(device, phys, size)
        : paths.translation().mapResource(device, cookie, phys, size, direction);
  }

  Status unmapResource(DmaDevice device, long address, long size, DmaDirection direction) {
    if (trace.isOn()) {
      paths.enter("dma_unmap_resource", device).hex("addr", address).hex("size", size);
    }
    Status status = paths.check(device, size, direction);
    DmaCookie cookie = paths.way(device);
    if (!status.failed() && cookie != null) {
      status = paths.translation().unmapRange(cookie, address, size);
    }
    return paths.leave(status);
  }
}
