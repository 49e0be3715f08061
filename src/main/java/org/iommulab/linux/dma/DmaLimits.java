package org.iommulab.linux.dma;

import java.util.Locale;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;

/** What a driver can ask about sizes and masks before it maps anything. */
public final class DmaLimits {

  /** {@code ZONE_DMA}: memory of last resort for devices that drive 24 bits. */
  private static final long ZONE_DMA = (1L << 24) - 1;

  private static final long FOUR_GIB = 1L << 32;

  /** The largest range the IOVA caches hold: 32 pages. */
  private static final long RCACHE_RANGE = 32 << 12;

  private final DmaPaths paths;

  DmaLimits(DmaPaths paths) {
    this.paths = paths;
  }

  Status setMask(DmaDevice device, long highest) {
    Status supported = supported(device, highest);
    if (!supported.failed()) {
      device.setMask(highest);
    }
    return supported;
  }

  Status setCoherentMask(DmaDevice device, long highest) {
    Status supported = supported(device, highest);
    if (!supported.failed()) {
      device.setCoherentMask(highest);
    }
    return supported;
  }

  /** {@code dma_supported()}: translated devices can have any mask, others need some memory. */
  private Status supported(DmaDevice device, long mask) {
    boolean translated = !paths.context().rules().intelOps() && paths.domains().of(device) != null;
    long least = Math.min(lastRam(), ZONE_DMA);
    return translated || Long.compareUnsigned(mask, least) >= 0
        ? Status.OK
        : Status.fail(
            Errno.EIO, String.format(Locale.ROOT, "no memory lies within the mask 0x%x", mask));
  }

  private long lastRam() {
    long last = 0;
    for (AddressRange range : paths.context().parts().memory().ram()) {
      last = Math.max(last, range.end() - 1);
    }
    return last;
  }

  /** {@code dma_max_mapping_size()}: bytes one mapping can have; a segment where it may bounce. */
  public long maxMappingSize(DmaDevice device) {
    Swiotlb swiotlb = paths.context().swiotlb();
    boolean bounces =
        paths.domains().of(device) != null
            ? device.untrusted()
            : swiotlb.isActive() && (swiotlb.isForced() || paths.domains().tooNarrow(device));
    long lost = device.minAlignMask() + Swiotlb.SLOT_BYTES - 1 & -Swiotlb.SLOT_BYTES;
    return bounces ? Swiotlb.LARGEST - lost : Long.MAX_VALUE;
  }

  /** {@code dma_opt_mapping_size()}: bytes up to which mapping is cheap. */
  public long optMappingSize(DmaDevice device) {
    return Math.min(
        maxMappingSize(device), paths.domains().of(device) != null ? RCACHE_RANGE : Long.MAX_VALUE);
  }

  /** {@code dma_get_required_mask()}: the mask that reaches everything that can be mapped. */
  public long requiredMask(DmaDevice device) {
    return paths.domains().of(device) != null
        ? FOUR_GIB - 1
        : (Long.highestOneBit(lastRam()) << 1) - 1;
  }

  /** {@code dma_get_merge_boundary()}: neighbours in a list can be joined; 0: they are not. */
  public long mergeBoundary(DmaDevice device) {
    DmaCookie cookie = paths.domains().of(device);
    return cookie == null ? 0 : cookie.iovad().granule() - 1;
  }

  /** {@code dma_addressing_limited()}: the device cannot reach all that is required. */
  public boolean addressingLimited(DmaDevice device) {
    return Long.compareUnsigned(device.mask(), requiredMask(device)) < 0;
  }
}
