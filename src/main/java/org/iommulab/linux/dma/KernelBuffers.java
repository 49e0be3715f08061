package org.iommulab.linux.dma;

import java.util.HashMap;
import java.util.Map;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;

/** Buffers of drivers: {@code kmalloc()}, {@code kzalloc()}, {@code kfree()} in whole pages. */
public final class KernelBuffers {

  private final KernelParts parts;
  private final Map<Long, CoherentPages> allocated = new HashMap<>();

  KernelBuffers(KernelParts parts) {
    this.parts = parts;
  }

  /**
   * What {@code kmalloc()} gave.
   *
   * @param address kernel address; 0 if it failed
   * @param phys physical address of the first byte
   * @param status why it failed
   */
  public record Buffer(long address, long phys, Status status) {}

  /**
   * {@code kmalloc()}, or {@code kzalloc()} if zeroed; what was there before stays otherwise.
   *
   * @param size bytes, above 0
   * @param wishedPhys where it should lie; -1 for anywhere
   */
  public Buffer kmalloc(long size, long wishedPhys, boolean zeroed) {
    var pages = CoherentPages.contiguous(parts, Page.count(size), -1L, wishedPhys, zeroed);
    if (pages.status().failed()) {
      return new Buffer(0, 0, pages.status());
    }
    allocated.put(pages.first(), pages);
    return new Buffer(CoherentPages.direct(pages.first()), pages.first(), Status.OK);
  }

  /** Tells whether a buffer begins at that kernel or physical address. */
  public boolean holds(long address) {
    return allocated.containsKey(CoherentPages.physical(address));
  }

  /** {@code kfree()}; EINVAL for an address where no buffer begins. */
  public Status kfree(long address) {
    CoherentPages pages = allocated.remove(CoherentPages.physical(address));
    if (pages == null) {
      return Status.fail(Errno.EINVAL, "kmalloc gave no such address");
    }
    pages.free(parts);
    return Status.OK;
  }
}
