package org.iommulab.linux.vfio;

import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserPages;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/** Pins user memory run by run and writes the runs into a container's domains. */
final class Type1Mapper {

  /** Runs unmapped before the IOTLB is told and they are unpinned. */
  private static final int SYNC_MAX = 512;

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuApi api;

  Type1Mapper(KernelParts parts, IommuApi api) {
    this.parts = parts;
    this.trace = parts.trace();
    this.api = api;
  }

  /** {@code vfio_pin_map_dma()}: the record grows with each run; a failure leaves it short. */
  Status pinMap(VfioDma dma, long size, List<Type1Domain> domains) {
    if (trace.isOn()) {
      trace.enter("vfio_pin_map_dma").hex("iova", dma.iova()).hex("map_size", size);
    }
    Status status = Status.OK;
    while (dma.size() < size && !status.failed()) {
      long left = size - dma.size() >>> 12;
      long address = dma.userAddress() + dma.size();
      long pages = pinRun(dma, address, left);
      if (pages <= 0) {
        status = pages == 0 ? noMemory(dma, address) : overLimit(dma);
        break;
      }
      long pfn = dma.process().memory().pfn(address);
      status = mapRun(dma, pfn, pages, domains);
      if (status.failed()) {
        unpin(dma, pfn, pages);
      } else {
        dma.grow(Page.address(pages));
      }
    }
    return parts.leave(status);
  }

  private static Status noMemory(VfioDma dma, long address) {
    boolean absent = dma.process().memory().pfn(address) < 0;
    return Status.fail(
        Errno.EFAULT,
        String.format(
            Locale.ROOT,
            "user address 0x%x %s",
            address,
            absent ? "has no memory" : "is read-only"));
  }

  private Status overLimit(VfioDma dma) {
    Process process = dma.process();
    parts
        .log()
        .print(
            String.format(
                Locale.ROOT,
                "vfio_pin_pages_remote: Task %s (%d) RLIMIT_MEMLOCK (%d) exceeded",
                process.name(),
                process.pid(),
                Page.address(process.memlockPages())));
    return Status.fail(Errno.ENOMEM, "RLIMIT_MEMLOCK is exceeded");
  }

  /** {@code vfio_pin_pages_remote()}: the longest run of neighbours; 0 no memory, -1 no quota. */
  private long pinRun(VfioDma dma, long address, long limit) {
    if (trace.isOn()) {
      trace.enter("vfio_pin_pages_remote").hex("vaddr", address).number("npage", limit);
    }
    UserPages memory = dma.process().memory();
    long pages = memory.contiguousPages(address, limit);
    boolean write = (dma.prot() & Protection.WRITE) != 0;
    if (write && !memory.writable(address)) {
      pages = 0;
    }
    long allowed = dma.process().memlockPages();
    boolean limited = !dma.lockCapable() && allowed >= 0;
    boolean registers = memory.isDeviceMemory(address);
    if (pages > 0 && limited && !registers && memory.lockedPages() + pages > allowed) {
      pages = -1;
    }
    // What is learned of a real program must not hang on whether calls are traced.
    long pfn = pages > 0 ? memory.pfn(address) : -1;
    if (pages > 0 && registers) {
      // follow_fault_pfn(): mapped as they are, without a reference and without a charge.
      dma.addRegisters(pfn, pages);
    } else if (pages > 0) {
      memory.pin(pfn, pages);
      memory.addPinned(pages);
      memory.addLocked(pages);
    }
    if (trace.isOn()) {
      if (pages > 0) {
        trace.leave(String.format(Locale.ROOT, "%d pages from pfn 0x%x", pages, pfn));
      } else {
        trace.fail(pages == 0 ? "EFAULT" : "ENOMEM", pages == 0 ? "no memory" : "RLIMIT_MEMLOCK");
      }
    }
    return pages;
  }

  /** {@code vfio_iommu_map()}: into every domain, or into none. */
  private Status mapRun(VfioDma dma, long pfn, long pages, List<Type1Domain> domains) {
    long iova = dma.end();
    if (trace.isOn()) {
      trace.enter("vfio_iommu_map").hex("iova", iova).hex("pfn", pfn).number("npage", pages);
    }
    Status status = Status.OK;
    for (int i = 0; i < domains.size() && !status.failed(); i++) {
      status = mapInto(domains.get(i).domain(), dma, iova, pfn, pages);
      for (int undo = i - 1; status.failed() && undo >= 0; undo--) {
        api.unmap(domains.get(undo).domain(), iova, Page.address(pages));
      }
    }
    return parts.leave(status);
  }

  private Status mapInto(PagingDomain domain, VfioDma dma, long iova, long pfn, long pages) {
    return api.map(
        domain, iova, Page.address(pfn), Page.address(pages), dma.prot() | Protection.CACHE);
  }

  private static void unpin(VfioDma dma, long pfn, long pages) {
    if (dma.isRegisters(pfn)) {
      return;
    }
    UserPages memory = dma.process().memory();
    memory.unpin(pfn, pages);
    memory.addPinned(-pages);
    memory.addLocked(-pages);
  }

  /** Writes a mapping into a domain that came later, with the frames an older domain knows. */
  Status replay(VfioDma dma, List<Type1Domain> domains, PagingDomain target) {
    PagingDomain known = domains.getFirst().domain();
    for (long iova = dma.iova(); iova != dma.end(); ) {
      long physical =
          known == target
              ? dma.process().memory().pfn(dma.userAddress() + (iova - dma.iova())) << 12
              : known.iovaToPhys(iova);
      if (physical < 0) {
        return Status.fail(Errno.EFAULT, "a device's memory is not there now");
      }
      long bytes = run(known, iova, physical, dma.end());
      Status status = api.map(target, iova, physical, bytes, dma.prot() | Protection.CACHE);
      if (status.failed()) {
        if (iova != dma.iova()) {
          api.unmap(target, dma.iova(), iova - dma.iova());
        }
        return status;
      }
      iova += bytes;
    }
    return Status.OK;
  }

  private static long run(PagingDomain domain, long iova, long physical, long end) {
    long bytes = 4096;
    while (iova + bytes != end && domain.iovaToPhys(iova + bytes) == physical + bytes) {
      bytes += 4096;
    }
    return bytes;
  }

  /** {@code vfio_unmap_unpin()}: several runs share one flush, and are unpinned after it. */
  void unmapUnpin(VfioDma dma, List<Type1Domain> domains) {
    if (trace.isOn()) {
      trace.enter("vfio_unmap_unpin").hex("iova", dma.iova()).hex("size", dma.size());
    }
    if (dma.size() != 0 && !domains.isEmpty()) {
      for (Type1Domain other : domains.subList(1, domains.size())) {
        api.unmap(other.domain(), dma.iova(), dma.size());
      }
      unmapRuns(dma, domains.getFirst().domain());
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void unmapRuns(VfioDma dma, PagingDomain domain) {
    var gather = new IotlbGather(false);
    long[] runs = new long[2 * SYNC_MAX];
    int count = 0;
    for (long iova = dma.iova(); iova != dma.end(); ) {
      long physical = domain.iovaToPhys(iova);
      if (physical < 0) {
        iova += 4096;
        continue;
      }
      long bytes = run(domain, iova, physical, dma.end());
      long done = api.unmapFast(domain, iova, bytes, gather);
      if (done == 0) {
        throw new IllegalStateException("a mapped run could not be unmapped");
      }
      runs[2 * count] = Page.number(physical);
      runs[2 * count + 1] = Page.number(done);
      iova += done;
      if (++count == SYNC_MAX) {
        syncUnpin(dma, domain, gather, runs, count);
        count = 0;
      }
    }
    syncUnpin(dma, domain, gather, runs, count);
  }

  /** {@code vfio_sync_unpin()}. */
  private void syncUnpin(
      VfioDma dma, PagingDomain domain, IotlbGather gather, long[] runs, int count) {
    if (trace.isOn()) {
      trace.enter("vfio_sync_unpin").number("regions", count);
    }
    api.sync(domain, gather);
    for (int i = 0; i < count; i++) {
      unpin(dma, runs[2 * i], runs[2 * i + 1]);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }
}
