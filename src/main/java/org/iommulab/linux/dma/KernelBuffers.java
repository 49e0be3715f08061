package org.iommulab.linux.dma;

import java.util.HashMap;
import java.util.Map;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Status;

/** Buffers of drivers: {@code kmalloc()}, {@code kzalloc()}, {@code kfree()} in whole pages. */
final class KernelBuffers {

  private final KernelParts parts;
  private final Map<Long, CoherentPages> allocated = new HashMap<>();

  KernelBuffers(KernelParts parts) {
    this.parts = parts;
  }

  /** A buffer; {@code phys} asks for a place. What was there before stays, unless zeroed. */
  DmaCall kmalloc(CallArguments arguments, boolean zeroed) {
    long size = arguments.number("size");
    long phys = arguments.has("phys") ? arguments.buffer("phys") : -1;
    if (size <= 0) {
      arguments.complain("needs a \"size\" above 0");
    }
    if (arguments.problem() != null) {
      return DmaCall.misuse("");
    }
    var pages = CoherentPages.contiguous(parts, size + 4095 >>> 12, -1L, phys, zeroed);
    if (pages.status().failed()) {
      return DmaCall.of(pages.status());
    }
    allocated.put(pages.first(), pages);
    long address = CoherentPages.direct(pages.first());
    return DmaCall.value(address, Map.of("phys", pages.first(), "cpu_addr", address));
  }

  DmaCall kfree(CallArguments arguments) {
    long phys = arguments.buffer("ptr", "cpu_addr", "phys");
    CoherentPages pages = allocated.remove(phys);
    if (pages == null) {
      arguments.complain("needs an address that kmalloc gave");
      return DmaCall.misuse("");
    }
    pages.free(parts);
    return DmaCall.of(Status.OK);
  }
}
