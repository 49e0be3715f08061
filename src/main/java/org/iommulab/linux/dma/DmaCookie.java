package org.iommulab.linux.dma;

import java.util.HashSet;
import java.util.Set;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.iova.IovaDomain;
import org.iommulab.linux.iova.IovaRules;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * What the DMA API keeps for a domain: its free addresses and, if it is lazy, its flush queue
 * ({@code struct iommu_dma_cookie}).
 */
final class DmaCookie {

  private final DmaContext context;
  private final PagingDomain domain;
  private final IovaDomain iovad;
  private @Nullable FlushQueue queue;
  private final Set<IommuDevice> known = new HashSet<>();

  DmaCookie(DmaContext context, PagingDomain domain) {
    this.context = context;
    this.domain = domain;
    int shift = Long.numberOfTrailingZeros(domain.pageSizes());
    iovad =
        new IovaDomain(
            IovaRules.of(context.parts().era()),
            shift,
            domain.apertureStart() >>> shift,
            context.cpus().count(),
            context.cpus()::current,
            context.timers(),
            context.trace(),
            context.parts().frames().failures());
  }

  PagingDomain domain() {
    return domain;
  }

  IovaDomain iovad() {
    return iovad;
  }

  /** {@code iommu_dma_init_fq()}: a domain may become lazy while it is in use. */
  @Nullable FlushQueue queue() {
    if (queue == null && domain.type() == DomainType.DMA_FQ) {
      queue = new FlushQueue(context, domain, iovad);
    }
    return queue;
  }

  /**
   * {@code iova_reserve_iommu_regions()}: for the first device of the domain, as {@code
   * iommu_dma_init_domain()} does nothing for the next; Intel's own operations did it for each.
   */
  void meet(IommuDevice device) {
    boolean first = known.isEmpty();
    if (!known.add(device) || (!first && context.rules().reservesForFirst())) {
      return;
    }
    for (ReservedRegion region : device.ops().reservedRegions(device)) {
      reserve(region.start(), region.last());
    }
    for (AddressRange window : context.windows()) {
      reserve(window.start(), window.end() - 1);
    }
  }

  /** Keeps addresses out of every mapping; both bounds inside. */
  void reserve(long first, long last) {
    iovad.reserve(first >>> iovad.granuleShift(), last >>> iovad.granuleShift());
  }

  /** Bytes rounded up to whole pages. */
  long align(long bytes) {
    return (bytes + iovad.granule() - 1) & -iovad.granule();
  }

  /** Where in its page an address lies. */
  long offset(long address) {
    return address & (iovad.granule() - 1);
  }

  /** {@code iommu_dma_alloc_iova()}: an address for {@code size} bytes, or 0. */
  long allocate(DmaDevice device, long size, long limit) {
    boolean on = context.trace().isOn();
    if (on) {
      context
          .trace()
          .enter("iommu_dma_alloc_iova")
          .hex("size", size)
          .hex("dma_limit", limit)
          .text("dev", device.pci().name());
    }
    long pages = size >>> iovad.granuleShift();
    if (!iovad.rules().roundsUp() && pages < 32) {
      pages = IovaDomain.roundUp(pages);
    }
    long iova = find(device, pages, limit);
    if (on) {
      if (iova == 0) {
        context.trace().fail("ENOMEM", "no free IOVA range of " + pages + " pages");
      } else {
        context.trace().leave("0x" + Long.toHexString(iova));
      }
    }
    return iova;
  }

  /** The same without a trace frame, in pages of the granule. */
  long find(DmaDevice device, long pages, long limit) {
    int shift = iovad.granuleShift();
    long highest = lower(limit, domain.apertureEnd());
    boolean low = context.rules().alwaysLow() || device.triesLowFirst();
    if (!context.options().forceDac() && highest > 0xFFFF_FFFFL && low) {
      long pfn = iovad.allocateFast(pages, 0xFFFF_FFFFL >>> shift, false);
      if (pfn != 0) {
        return pfn << shift;
      }
      if (!context.rules().alwaysLow()) {
        device.giveUpLow();
        int bits = 64 - Long.numberOfLeadingZeros(highest);
        context.log(device.label() + ": Using " + bits + "-bit DMA addresses");
      }
    }
    return iovad.allocateFast(pages, highest >>> shift, true) << shift;
  }

  private static long lower(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  /**
   * {@code iommu_dma_free_iova()}: at once, or once the flush queue has flushed.
   *
   * @param gather of the unmap; null if nothing was mapped
   */
  void free(long iova, long size, @Nullable IotlbGather gather) {
    long pfn = iova >>> iovad.granuleShift();
    long pages = size >>> iovad.granuleShift();
    FlushQueue lazy = queue();
    if (gather != null && gather.queued() && lazy != null) {
      lazy.queue(pfn, pages, gather);
    } else {
      iovad.freeFast(pfn, pages);
    }
  }

  /** Addresses handed out and not freed; those in the flush queue count as freed. */
  int liveRanges() {
    int waiting = queue == null ? 0 : queue.size();
    return iovad.treeSize() - iovad.cachedRanges() - iovad.reservedRanges() - waiting;
  }
}
