package org.iommulab.lab.advice;

import org.iommulab.bus.PciDevice;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.swiotlb.DmaDirection;

/**
 * A call of the DMA API.
 *
 * @param step the command that called it
 * @param device for which device
 */
record DmaCall(Step step, PciDevice device) {

  /** The buffer as the processor names it. */
  long pointer() {
    return step.number(0, "ptr", "cpu_addr", "phys", "page") + step.number(0, "offset");
  }

  /** The mapping as the device names it. */
  long address() {
    return step.number(0, "addr", "dma_addr", "dma_address", "dma_handle", "handle");
  }

  long size() {
    return step.number(0, "size", "len");
  }

  DmaDirection direction() {
    return DmaDirection.of(step.text("dir")).orElse(DmaDirection.DMA_NONE);
  }

  boolean skipsSync() {
    return step.text("attrs").contains("SKIP_CPU_SYNC") || step.text("attrs").equals("32");
  }

  /** Whether first or last page of the buffer has bytes of somebody else. */
  boolean partly() {
    return partly(pointer(), size());
  }

  static boolean partly(long start, long size) {
    return ((start | size) & 4095) != 0;
  }

  /** Where a pointer of the kernel leads. */
  static long physical(Step step, long pointer) {
    return step.kernel().map(kernel -> kernel.dma().physical(pointer)).orElse(pointer);
  }

  static boolean translated(Step step, PciDevice device) {
    return step.kernel()
        .map(Kernel::dma)
        .map(
            dma -> {
              DmaDevice known = dma.device(device.source());
              return known != null && dma.isTranslated(known);
            })
        .orElse(false);
  }

  static boolean untrusted(Step step, PciDevice device) {
    return step.kernel()
        .map(kernel -> kernel.dma().device(device.source()))
        .map(known -> known.pci().untrusted())
        .orElse(false);
  }
}
