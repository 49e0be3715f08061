package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.boot.choice.BootChoice;
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

  private static final long FOUR_GIB = 1L << 32;

  private final KernelParts parts;
  private final Timers timers;
  private final BootChoice choice;
  private final Cpus cpus;
  private final Swiotlb swiotlb;
  private final SwiotlbOptions options;
  private long poolFrame;
  private long poolFrames;

  /**
   * Sets up SWIOTLB if this machine and command line want it: {@code pci_iommu_alloc()}.
   *
   * @param choice what was chosen for DMA
   * @param possibleCpus how many CPUs there may be
   */
  public DmaBoot(KernelParts parts, Timers timers, BootChoice choice, int possibleCpus) {
    this.parts = parts;
    this.timers = timers;
    this.choice = choice;
    this.cpus = new Cpus(possibleCpus);
    this.options = choice.swiotlb();
    swiotlb =
        new Swiotlb(parts.memory(), parts.era(), cpus::current, parts.trace(), parts.log()::print);
    if (choice.pool() != BootChoice.Pool.NEVER) {
      allocatePool();
    }
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

  /** The DMA API over the devices that are known so far. */
  public DmaApi api(IommuSubsystem subsystem, List<PciDevice> pci) {
    var dma = new DmaOptions(choice.forceDac(), false);
    return new DmaApi(parts, subsystem, pci, swiotlb, timers, cpus, dma);
  }

  /**
   * The end of {@code pci_iommu_init()}: what becomes of the pool.
   *
   * @param translating the IOMMU driver came up
   */
  public void finish(boolean translating) {
    if (translating && choice.pool() == BootChoice.Pool.FREED) {
      freePool();
    }
    if (swiotlb.isActive()) {
      choice.printed(BootChoice.Phase.LATE).forEach(parts.log()::print);
    }
  }

  /** A working VT-d made old kernels give the pool back. */
  private void freePool() {
    if (swiotlb.isActive()) {
      swiotlb.exit();
      parts.frames().unreserve(poolFrame, poolFrames);
    }
  }
}
