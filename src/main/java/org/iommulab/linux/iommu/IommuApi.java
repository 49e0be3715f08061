package org.iommulab.linux.iommu;

import java.util.Locale;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;

/** {@code iommu_map()}, {@code iommu_unmap()} and what they are made of (drivers/iommu/iommu.c). */
public final class IommuApi {

  private final KernelParts parts;
  private final CallTrace trace;

  /** The functions of one kernel. */
  public IommuApi(KernelParts parts) {
    this.parts = parts;
    this.trace = parts.trace();
  }

  // ---- map --------------------------------------------------------------------------------------

  /** Maps a physically contiguous range and makes it visible to hardware; all or nothing. */
  public Status map(PagingDomain domain, long iova, long paddr, long size, int prot) {
    if (trace.isOn()) {
      trace
          .enter("iommu_map")
          .number("domain", domain.id())
          .hex("iova", iova)
          .hex("paddr", paddr)
          .hex("size", size)
          .hex("prot", prot);
    }
    Status status = mapNosync(domain, iova, paddr, size, prot);
    if (!status.failed()) {
      status = syncMap(domain, iova, size);
      if (status.failed()) {
        unmap(domain, iova, size);
      }
    }
    return parts.leave(status);
  }

  /** {@code iommu_sync_map()}. */
  public Status syncMap(PagingDomain domain, long iova, long size) {
    return domain.needsSyncMap() ? domain.iotlbSyncMap(iova, size) : Status.OK;
  }

  /** Maps without making it visible yet; undoes what was done if it fails. */
  public Status mapNosync(PagingDomain domain, long iova, long paddr, long size, int prot) {
    if (trace.isOn()) {
      trace
          .enter(parts.era().atLeast(Era.V6_18) ? "iommu_map_nosync" : "__iommu_map")
          .hex("iova", iova)
          .hex("paddr", paddr)
          .hex("size", size)
          .hex("prot", prot);
    }
    return parts.leave(
        domain.ranged()
            ? mapByRange(domain, iova, paddr, size, prot)
            : mapByPages(domain, iova, paddr, size, prot));
  }

  private Status mapByRange(PagingDomain domain, long iova, long paddr, long size, int prot) {
    MapResult result = domain.mapRange(iova, paddr, size, prot);
    if (result.mapped() > 0) {
      unmap(domain, iova, result.mapped());
    }
    return result.status();
  }

  private Status mapByPages(PagingDomain domain, long iova, long paddr, long size, int prot) {
    long sizes = domain.pageSizes();
    long smallest = Long.lowestOneBit(sizes);
    if (((iova | paddr | size) & (smallest - 1)) != 0) {
      return Status.fail(
          Errno.EINVAL,
          String.format(Locale.ROOT, "address or size is not a multiple of 0x%x", smallest));
    }
    long done = 0;
    while (done < size) {
      long left = size - done;
      long pgsize = PageSizes.choose(sizes, iova + done, paddr + done, left);
      long count = PageSizes.count(sizes, pgsize, iova + done, paddr + done, left);
      if (trace.isOn()) {
        tracePgsize(iova + done, paddr + done, left, pgsize, count);
      }
      MapResult result = domain.mapPages(iova + done, paddr + done, pgsize, count, prot);
      if (result.failed()) {
        if (done + result.mapped() > 0) {
          unmap(domain, iova, done + result.mapped());
        }
        return result.status();
      }
      done += pgsize * count;
    }
    return Status.OK;
  }

  private void tracePgsize(long iova, long paddr, long size, long pgsize, long count) {
    trace.enter("iommu_pgsize").hex("iova", iova).hex("paddr", paddr).hex("size", size);
    trace.leave(PageSizes.text(pgsize) + " x " + count);
  }

  // ---- unmap ------------------------------------------------------------------------------------

  /** Unmaps and makes the hardware forget; returns the bytes really unmapped. */
  public long unmap(PagingDomain domain, long iova, long size) {
    if (trace.isOn()) {
      trace.enter("iommu_unmap").number("domain", domain.id()).hex("iova", iova).hex("size", size);
    }
    var gather = new IotlbGather(false);
    long unmapped = unmapFast(domain, iova, size, gather);
    sync(domain, gather);
    if (trace.isOn()) {
      trace.leave(String.format(Locale.ROOT, "0x%x", unmapped));
    }
    return unmapped;
  }

  /** {@code __iommu_unmap()}: unmaps and leaves the flush to the caller. */
  public long unmapFast(PagingDomain domain, long iova, long size, IotlbGather gather) {
    if (trace.isOn()) {
      trace.enter("__iommu_unmap").hex("iova", iova).hex("size", size);
    }
    long done = 0;
    long sizes = domain.pageSizes();
    while (done < size) {
      long left = size - done;
      long pgsize = left;
      long count = 1;
      if (!domain.ranged()) {
        pgsize = PageSizes.choose(sizes, iova + done, iova + done, left);
        count = PageSizes.count(sizes, pgsize, iova + done, iova + done, left);
        if (trace.isOn()) {
          tracePgsize(iova + done, iova + done, left, pgsize, count);
        }
      }
      long unmapped = domain.unmapPages(iova + done, pgsize, count, gather);
      done += unmapped;
      // A range walker goes as far as it can in one call.
      if (unmapped == 0 || domain.ranged()) {
        break;
      }
    }
    if (trace.isOn()) {
      trace.leave(String.format(Locale.ROOT, "0x%x", done));
    }
    return done;
  }

  /** {@code iommu_iotlb_sync()}. */
  public void sync(PagingDomain domain, IotlbGather gather) {
    if (trace.isOn()) {
      trace.enter("iommu_iotlb_sync").number("domain", domain.id());
      if (gather.pgsize() != 0) {
        trace.hex("start", gather.start()).hex("end", gather.end());
      }
    }
    domain.iotlbSync(gather);
    gather.reset();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code iommu_iotlb_gather_add_page()}: flushes first if the piece does not join. */
  public void gatherAdd(PagingDomain domain, IotlbGather gather, long iova, long size) {
    if (!gather.accepts(iova, size)) {
      sync(domain, gather);
    }
    gather.add(iova, size);
  }
}
