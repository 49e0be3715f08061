package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iova.IovaDomain;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;

/**
 * Zeroed pages behind a coherent buffer: scattered ones, or a block of a power of two.
 *
 * @param addresses physical addresses of the pages the caller asked for
 * @param block pages of the block they are part of, 0 if they are single pages
 * @param status why there are none
 */
record CoherentPages(List<Long> addresses, long block, Status status) {

  private static final long DIRECT_MAP = 0xFFFF_8880_0000_0000L;

  CoherentPages {
    addresses = List.copyOf(addresses);
  }

  /** Kernel address of physical memory. */
  static long direct(long phys) {
    return DIRECT_MAP + phys;
  }

  /** Physical memory behind a kernel address; other addresses are taken as physical ones. */
  static long physical(long address) {
    return Long.compareUnsigned(address, DIRECT_MAP) >= 0 ? address - DIRECT_MAP : address;
  }

  private static CoherentPages none(String cause) {
    return new CoherentPages(List.of(), 0, Status.fail(Errno.ENOMEM, cause));
  }

  /** {@code __iommu_dma_alloc_pages()}: one page after the other. */
  static CoherentPages scattered(KernelParts parts, long count, long wishedPhys) {
    if (wishedPhys >= 0) {
      return wished(parts, count, count, wishedPhys, true);
    }
    var pages = new ArrayList<Long>();
    for (long i = 0; i < count; i++) {
      long pfn = parts.frames().allocate();
      if (pfn < 0) {
        Collections.reverse(pages);
        pages.forEach(page -> parts.frames().free(Page.number(page)));
        return none("no page frame is left");
      }
      pages.add(Page.address(pfn));
    }
    return new CoherentPages(pages, 0, Status.OK);
  }

  /**
   * A zeroed block of a power of two pages.
   *
   * @param highest last address it may have
   */
  static CoherentPages contiguous(KernelParts parts, long count, long highest, long wishedPhys) {
    return contiguous(parts, count, highest, wishedPhys, true);
  }

  /** The same; what the pages had before stays unless {@code zeroed}. */
  static CoherentPages contiguous(
      KernelParts parts, long count, long highest, long wishedPhys, boolean zeroed) {
    long block = IovaDomain.roundUp(count);
    Status status = parts.allocate("a block of pages");
    if (status.failed()) {
      return new CoherentPages(List.of(), 0, status);
    }
    if (wishedPhys >= 0) {
      return wished(parts, count, block, wishedPhys, zeroed);
    }
    FrameAllocator frames = parts.frames();
    List<AddressRange> ram = parts.memory().ram();
    for (int i = ram.size() - 1; i >= 0; i--) {
      long end = Page.number(ram.get(i).end());
      if (Long.compareUnsigned(highest, ram.get(i).end() - 1) < 0) {
        end = Page.number(highest + 1);
      }
      for (long first = (end & -block) - block;
          first >= Math.max(1, Page.number(ram.get(i).start()));
          first -= block) {
        if (frames.take(first, block)) {
          return taken(parts, first, count, block, zeroed);
        }
      }
    }
    return none("no block of " + block + " pages is free");
  }

  private static CoherentPages wished(
      KernelParts parts, long count, long block, long phys, boolean zeroed) {
    return parts.frames().take(Page.number(phys), block)
        ? taken(parts, Page.number(phys), count, block, zeroed)
        : none(String.format(Locale.ROOT, "the pages at 0x%x are in use or no RAM", phys));
  }

  private static CoherentPages taken(
      KernelParts parts, long first, long count, long block, boolean zeroed) {
    var pages = new ArrayList<Long>();
    var zeros = new byte[4096];
    for (long pfn = first; pfn < first + count; pfn++) {
      if (zeroed) {
        parts.memory().write(Page.address(pfn), zeros, 0, zeros.length);
      }
      pages.add(Page.address(pfn));
    }
    return new CoherentPages(pages, block, Status.OK);
  }

  /** Physical address of the first page. */
  long first() {
    return addresses.getFirst();
  }

  /** Gives the pages back. */
  void free(KernelParts parts) {
    if (block > 0) {
      parts.frames().release(Page.number(addresses.getFirst()), block);
    } else {
      addresses.reversed().forEach(page -> parts.frames().free(Page.number(page)));
    }
  }

  /** The pages as entries of a scatter list. */
  List<SgMapping.Entry> entries() {
    return addresses.stream().map(page -> new SgMapping.Entry(page, 4096)).toList();
  }
}
