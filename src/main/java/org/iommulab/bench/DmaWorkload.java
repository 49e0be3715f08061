package org.iommulab.bench;

import org.iommulab.linux.Kernel;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.swiotlb.DmaDirection;

/**
 * A million {@code dma_map_single()} and {@code dma_unmap_single()}, as of a driver with a ring of
 * buffers: addresses come from the IOVA allocator, tables are written, the IOTLB is invalidated at
 * once or by the flush queue.
 */
final class DmaWorkload implements Workload {

  private static final int CALLS = 1_000_000;
  private static final int RING = 256;
  private static final long BUFFERS = 0x400_0000;

  private final DmaApi api;
  private final DmaDevice device;
  private final long[] addresses = new long[RING];
  private final long[] sizes = new long[RING];

  private DmaWorkload(Kernel kernel) {
    api = kernel.dma();
    device = BenchKernel.device(kernel);
  }

  /** Each unmap invalidates. */
  static Workload strict() {
    return new DmaWorkload(BenchKernel.withAllPages("intel_iommu=on iommu.strict=1", 1L << 28));
  }

  /** A flush queue invalidates for many. */
  static Workload lazy() {
    return new DmaWorkload(BenchKernel.withAllPages("intel_iommu=on", 1L << 28));
  }

  @Override
  public long operations() {
    return CALLS;
  }

  @Override
  public int warmUp() {
    return 3;
  }

  @Override
  public int rounds() {
    return 5;
  }

  @Override
  public Round round() {
    var random = new RandomStream();
    long sum = 0;
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      int slot = i & (RING - 1);
      if (sizes[slot] != 0) {
        api.unmap(device, addresses[slot], sizes[slot], DmaDirection.DMA_FROM_DEVICE, false);
      }
      long size = 1 + random.below(0x4000);
      long phys = BUFFERS + ((long) slot << 16);
      sizes[slot] = size;
      addresses[slot] = api.map(device, phys, size, DmaDirection.DMA_FROM_DEVICE, false).address();
      sum += size;
    }
    for (int slot = 0; slot < RING; slot++) {
      api.unmap(device, addresses[slot], sizes[slot], DmaDirection.DMA_FROM_DEVICE, false);
      sizes[slot] = 0;
    }
    return new Round(System.nanoTime() - start, sum);
  }
}
