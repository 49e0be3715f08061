package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.swiotlb.PoolMemory;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.swiotlb.SwiotlbOptions;
import org.iommulab.linux.time.Timers;

/**
 * How DMA comes up: SWIOTLB's pool early, while low memory is plenty; the rest when the IOMMU has
 * been tried.
 */
public final class DmaBoot {

  private static final long FOUR_GIB = 1L << 32;

  private final KernelParts parts;
  private final Timers timers;
  private final BootChoice choice;
  private final boolean singleQueue;
  private final Cpus cpus;
  private final Swiotlb swiotlb;
  private final SwiotlbOptions options;
  private final PoolMemory lowMemory;
  private long poolStart;
  private long poolBytes;

  /**
   * Sets up SWIOTLB if this machine and command line want it: {@code pci_iommu_alloc()}.
   *
   * @param choice what was chosen for DMA
   * @param possibleCpus how many CPUs there may be
   * @param shadowed somebody shadows the tables, so that a flush is expensive
   */
  public DmaBoot(
      KernelParts parts, Timers timers, BootChoice choice, int possibleCpus, boolean shadowed) {
    this.singleQueue = shadowed && parts.era().atLeast(Era.V6_12);
    this.parts = parts;
    this.timers = timers;
    this.choice = choice;
    this.cpus = new Cpus(possibleCpus);
    this.options = choice.swiotlb();
    this.lowMemory = new LowMemory(parts);
    swiotlb = new Swiotlb(parts.memory(), parts.era(), cpus::current, parts.trace(), parts.log());
    if (choice.pool() != BootChoice.Pool.NEVER) {
      allocatePool();
    }
  }

  private void allocatePool() {
    long bytes = swiotlb.bytesFor(options, cpus.count());
    poolStart = lowMemory.allocate(bytes, FOUR_GIB - 1);
    if (poolStart == Swiotlb.NO_ADDRESS) {
      parts.log().print("software IO TLB: Cannot allocate buffer");
      return;
    }
    poolBytes = bytes;
    swiotlb.init(poolStart, options, cpus.count());
    if (choice.poolGrows()) {
      swiotlb.allowGrowth(lowMemory, timers, FOUR_GIB - 1);
    }
  }

  /** The DMA API over the devices that are known so far. */
  public DmaApi api(IommuSubsystem subsystem, List<PciDevice> pci) {
    var dma = new DmaOptions(choice.forceDac(), singleQueue);
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
      lowMemory.free(poolStart, poolBytes);
    }
  }
}
