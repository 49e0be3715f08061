package org.iommulab.linux.dma;

import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * The ways a device's DMA can go, and what is checked before it goes any.
 *
 * @param context what every part works with
 * @param direct physical addresses, perhaps bounced
 * @param translation addresses of a domain
 * @param domains which device has which domain
 */
record DmaPaths(
    DmaContext context, DirectDma direct, TranslatedDma translation, DmaDomains domains) {

  static DmaPaths of(DmaContext context) {
    TranslatedDma translation =
        context.rules().intelOps() ? new IntelDma(context) : new IommuDma(context);
    return new DmaPaths(context, new DirectDma(context), translation, new DmaDomains(context));
  }

  CallTrace trace() {
    return context.trace();
  }

  /** Opens a trace frame that names the device. */
  CallTrace enter(String function, DmaDevice device) {
    return context.trace().enter(function).text("dev", device.pci().name());
  }

  Status leave(Status status) {
    return context.parts().leave(status);
  }

  /** What the DMA API keeps for the device's domain; null: its DMA is not translated. */
  @Nullable DmaCookie way(DmaDevice device) {
    return context.rules().asksAtEveryCall() ? domains.askAtCall(device) : domains.of(device);
  }

  Status check(DmaDevice device, long size, DmaDirection direction) {
    IommuDevice iommu = device.iommu();
    if (size <= 0) {
      return Status.fail(Errno.EINVAL, "the size is 0");
    }
    if (direction == DmaDirection.DMA_NONE) {
      return Status.fail(Errno.EINVAL, "DMA_NONE is no direction: BUG_ON(!valid_dma_direction)");
    }
    if (iommu != null && iommu.group().claimed()) {
      return Status.fail(
          Errno.EBUSY, "user space owns the device's DMA: " + iommu.group().ownerName());
    }
    return Status.OK;
  }
}
