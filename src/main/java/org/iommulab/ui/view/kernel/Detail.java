package org.iommulab.ui.view.kernel;

import java.util.List;
import org.iommulab.linux.boot.choice.Reason;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.ui.view.part.Phrase;

/** One part of the kernel in full. */
sealed interface Detail {

  /** There is no kernel. */
  record Nothing() implements Detail {}

  /**
   * How the kernel was booted.
   *
   * @param reasons every decision and why
   */
  record Boot(List<Reason> reasons) implements Detail {
    public Boot {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * An allocator of IOVA ranges.
   *
   * @param domains the kernel's numbers of all domains that have one
   * @param names what domains are called
   * @param domain whose it is, 0 if there is none
   * @param granule bytes in a page
   * @param ranges ascending; the first of them if there are very many
   * @param more ranges beyond those
   * @param magazines by size and CPU, those that hold something
   */
  record Iova(
      List<Integer> domains,
      DomainNumbers names,
      int domain,
      long granule,
      List<Range> ranges,
      int more,
      List<Magazines> magazines)
      implements Detail {
    public Iova {
      domains = List.copyOf(domains);
      ranges = List.copyOf(ranges);
      magazines = List.copyOf(magazines);
    }
  }

  /**
   * A range of the tree.
   *
   * @param first first address
   * @param last last address
   * @param pages pages in it
   * @param state {@code ALLOCATED}, {@code CACHED} or {@code RESERVED}
   * @param red the node's colour
   * @param depth 0 at the root
   */
  record Range(long first, long last, long pages, String state, boolean red, int depth) {}

  /**
   * What one CPU keeps of one size.
   *
   * @param order ranges of 2^order pages
   * @param loaded ranges in the magazine in use
   * @param previous ranges in the other one
   * @param size most ranges in a magazine
   * @param depot full magazines that all CPUs share
   */
  record Magazines(int order, int cpu, int loaded, int previous, int size, int depot) {}

  /**
   * Flush queues.
   *
   * @param nowNs virtual time
   * @param deadlineNs when the next timer fires, -1 if none runs
   * @param lazy some domain has a flush queue
   * @param waiting ranges in all rings, oldest first
   */
  record Flush(long nowNs, long deadlineNs, boolean lazy, List<Waiting> waiting) implements Detail {
    public Flush {
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * A range that was unmapped and waits.
   *
   * @param domain its domain, in words
   * @param cpu whose ring it waits in
   * @param iova first address
   * @param size bytes
   * @param sinceNs virtual time of the unmap
   * @param flushed the hardware has forgotten it already
   * @param tables page-table frames that wait with it
   */
  record Waiting(
      Phrase domain, int cpu, long iova, long size, long sinceNs, boolean flushed, int tables) {}

  /**
   * The bounce pool.
   *
   * @param start physical address of the first slot
   * @param end first address behind it
   * @param total slots, 0 without a pool
   * @param used slots in mappings
   * @param segments used slots of each run of {@link SlotQuery#SEGMENT} slots
   * @param areaSegments segments in an area, which has its own lock
   * @param bounces mappings, by slot
   */
  record Slots(
      long start,
      long end,
      int total,
      int used,
      List<Integer> segments,
      int areaSegments,
      List<Bounce> bounces)
      implements Detail {
    public Slots {
      segments = List.copyOf(segments);
      bounces = List.copyOf(bounces);
    }
  }

  /**
   * A mapping that bounces.
   *
   * @param slot its first slot
   * @param slots how many
   * @param address where the device reads or writes
   * @param original physical address of the driver's buffer
   * @param bytes bytes of the mapping
   */
  record Bounce(int slot, int slots, long address, long original, long bytes) {}

  /** Memory that page tables take. */
  record Tables(List<DomainTables> domains) implements Detail {
    public Tables {
      domains = List.copyOf(domains);
    }
  }

  /**
   * The page tables of a domain.
   *
   * @param id the kernel's number
   * @param name its numbers in words
   * @param type {@code DMA}, {@code UNMANAGED}, …
   * @param owner who made it
   * @param tableBytes memory of the tables
   * @param mappedBytes input addresses that lead somewhere
   * @param leaves leaf entries of 4 KiB, 2 MiB and 1 GiB
   */
  record DomainTables(
      int id,
      Phrase name,
      String type,
      String owner,
      long tableBytes,
      long mappedBytes,
      List<Long> leaves) {
    public DomainTables {
      leaves = List.copyOf(leaves);
    }
  }

  /** Devices as the DMA API sees them, with their buffers for a driver's lifetime. */
  record Dma(List<DmaView.Device> devices, List<DmaView.Coherent> coherent, DomainNumbers names)
      implements Detail {
    public Dma {
      devices = List.copyOf(devices);
      coherent = List.copyOf(coherent);
    }
  }
}
