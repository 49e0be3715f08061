package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/** Memory that CPU and device share for a driver's lifetime. */
final class CoherentDma {

  private final DmaPaths paths;
  private final DmaContext context;
  private final CallTrace trace;
  private final CoherentBuffers buffers = new CoherentBuffers();

  CoherentDma(DmaPaths paths) {
    this.paths = paths;
    this.context = paths.context();
    this.trace = context.trace();
  }

  CoherentBuffer alloc(DmaDevice device, long size, boolean mayBlock, long wishedPhys) {
    if (trace.isOn()) {
      paths
          .enter("dma_alloc_attrs", device)
          .hex("size", size)
          .text("gfp", mayBlock ? "GFP_KERNEL" : "GFP_ATOMIC");
    }
    CoherentMemory memory;
    Status usable = paths.check(device, size, DmaDirection.DMA_BIDIRECTIONAL);
    if (usable.failed()) {
      memory = CoherentMemory.fail(usable);
    } else {
      DmaCookie cookie = paths.way(device);
      memory =
          cookie == null
              ? paths.direct().alloc(device, size, wishedPhys)
              : paths.translation().allocCoherent(device, cookie, size, mayBlock, wishedPhys);
    }
    paths.leave(memory.status());
    if (memory.status().failed()) {
      return CoherentBuffer.fail(memory.status());
    }
    CoherentBuffers.Held held = buffers.keep(device, size, memory);
    return new CoherentBuffer(
        held.cpuAddress(), memory.handle(), memory.pages().addresses(), Status.OK);
  }

  Status free(DmaDevice device, long cpuAddress, long handle) {
    if (trace.isOn()) {
      paths.enter("dma_free_attrs", device).hex("cpu_addr", cpuAddress).hex("dma_handle", handle);
    }
    CoherentBuffers.Held held = buffers.find(device, cpuAddress, handle);
    return paths.leave(
        held == null
            ? Status.fail(Errno.EINVAL, "the device has no such coherent buffer")
            : free(device, held));
  }

  private Status free(DmaDevice device, CoherentBuffers.Held held) {
    DmaCookie cookie = paths.way(device);
    if (trace.isOn()) {
      trace.enter(cookie == null ? "dma_direct_free" : paths.translation().freeName());
    }
    Status status = Status.OK;
    if (cookie != null) {
      long size = Page.roundUp(held.size());
      status = paths.translation().unmapRange(cookie, held.memory().handle(), size);
    }
    held.memory().pages().free(context.parts());
    buffers.forget(held);
    return paths.leave(status);
  }

  long physical(long address) {
    return buffers.physical(address);
  }

  List<DmaView.Coherent> view() {
    return buffers.view();
  }
}
