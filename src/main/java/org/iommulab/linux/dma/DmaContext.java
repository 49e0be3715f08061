package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.swiotlb.Bounce;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.time.Timers;
import org.iommulab.memory.AddressRange;
import org.iommulab.trace.CallTrace;

/**
 * What every part of the DMA API works with.
 *
 * @param parts what the kernel works with
 * @param subsystem the IOMMU core
 * @param swiotlb the bounce buffers
 * @param timers kernel timers
 * @param cpus CPUs and which one runs
 * @param options what was chosen at boot
 * @param rules what a kernel of this age does
 * @param windows bus addresses that no mapping may have: registers answer there
 */
record DmaContext(
    KernelParts parts,
    IommuSubsystem subsystem,
    Swiotlb swiotlb,
    Timers timers,
    Cpus cpus,
    DmaOptions options,
    DmaRules rules,
    List<AddressRange> windows) {

  CallTrace trace() {
    return parts.trace();
  }

  void log(String text) {
    parts.log().print(text);
  }

  /** Prints what is said once, wherever it comes from afterwards. */
  void logOnce(String site, String text) {
    if (parts.log().isFirst(site)) {
      parts.log().print(text);
    }
  }

  /** Asks SWIOTLB for a copy of a buffer. */
  long bounce(
      DmaDevice device,
      long phys,
      long size,
      long alignMask,
      DmaDirection direction,
      boolean skipSync) {
    return swiotlb.tblMapSingle(
        new Bounce(
            device.label(),
            phys,
            size,
            alignMask,
            direction,
            skipSync,
            device.segmentBoundary(),
            device.minAlignMask(),
            device.mask()));
  }

  /** Copies a bounced buffer, for the CPU or for the device; other memory needs nothing. */
  void sync(long phys, long size, DmaDirection direction, boolean forDevice) {
    if (swiotlb.contains(phys)) {
      if (forDevice) {
        swiotlb.syncForDevice(phys, size, direction);
      } else {
        swiotlb.syncForCpu(phys, size, direction);
      }
    }
  }

  /** Closes the open trace frame with a mapping, and passes it on. */
  DmaMapping leave(DmaMapping mapping) {
    CallTrace trace = parts.trace();
    if (trace.isOn()) {
      if (mapping.failed()) {
        trace.fail(String.valueOf(mapping.status().errno()), mapping.status().cause());
      } else {
        trace.leave("0x" + Long.toHexString(mapping.address()));
      }
    }
    return mapping;
  }
}
