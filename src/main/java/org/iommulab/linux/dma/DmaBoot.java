package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.boot.CommandLine;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.swiotlb.SwiotlbOptions;
import org.iommulab.linux.time.Timers;
import org.iommulab.memory.AddressRange;

/**
 * How DMA comes up: SWIOTLB's pool early, while low memory is plenty; the rest when the IOMMU has
 * been tried.
 */
public final class DmaBoot {

  private static final int CPUS = 2;
  private static final long FOUR_GIB = 1L << 32;

  private final KernelParts parts;
  private final Timers timers;
  private final Cpus cpus = new Cpus(CPUS);
  private final Swiotlb swiotlb;
  private final SwiotlbOptions options;
  private long poolFrame;
  private long poolFrames;

  /** Sets up SWIOTLB if this machine and command line want it: {@code pci_iommu_alloc()}. */
  public DmaBoot(KernelParts parts, Timers timers) {
    this.parts = parts;
    this.timers = timers;
    CommandLine line = parts.commandLine();
    swiotlb =
        new Swiotlb(parts.memory(), parts.era(), cpus::current, parts.trace(), parts.log()::print);
    options = SwiotlbOptions.parse(line.swiotlb(), parts.era().atLeast(Era.V6_3));
    boolean needed = highMemory() && !line.iommuOff();
    if ((needed || options.force() || line.softwareOnly()) && !options.noforce()) {
      allocatePool();
    }
  }

  /** Some memory lies above 4 GiB ({@code max_possible_pfn > MAX_DMA32_PFN}). */
  private boolean highMemory() {
    List<AddressRange> ram = parts.memory().ram();
    return !ram.isEmpty() && ram.getLast().end() > FOUR_GIB;
  }

  /** {@code memblock_alloc_low()}: the highest free block below 4 GiB. */
  private void allocatePool() {
    long count = swiotlb.bytesFor(options, cpus.count()) >>> 12;
    List<AddressRange> ram = parts.memory().ram();
    for (int i = ram.size() - 1; i >= 0; i--) {
      long end = Math.min(ram.get(i).end(), FOUR_GIB) >>> 12;
      long lowest = Math.max(1, ram.get(i).start() >>> 12);
      for (long first = end - count; first >= lowest; first -= 256) {
        if (parts.frames().reserve(first, count)) {
          poolFrame = first;
          poolFrames = count;
          swiotlb.init(first << 12, options, cpus.count());
          return;
        }
      }
    }
    parts.log().print("software IO TLB: Cannot allocate buffer");
  }

  /**
   * Completes the DMA API: {@code pci_iommu_init()} and what follows it.
   *
   * @param translating the IOMMU driver came up
   */
  public DmaApi finish(IommuSubsystem subsystem, List<PciDevice> pci, boolean translating) {
    boolean untrusted = pci.stream().anyMatch(PciDevice::untrusted);
    if (translating && !untrusted && !parts.era().atLeast(Era.V5_9)) {
      freePool();
    }
    if (swiotlb.isActive()) {
      parts.log().print("PCI-DMA: Using software bounce buffering for IO (SWIOTLB)");
    }
    var dma = new DmaOptions(parts.commandLine().forceDac(), false);
    return new DmaApi(parts, subsystem, pci, swiotlb, timers, cpus, dma);
  }

  /** A working VT-d made old kernels give the pool back. */
  private void freePool() {
    if (swiotlb.isActive()) {
      swiotlb.exit();
      parts.frames().unreserve(poolFrame, poolFrames);
    }
  }
}
