package org.iommulab.bus;

/**
 * A device that can send requests.
 *
 * @param source its requester id
 * @param name short name for people, such as {@code nic}
 * @param kind what it is
 * @param dmaMask largest address it can issue
 */
public record PciDevice(SourceId source, String name, Kind kind, long dmaMask) {

  /** What a device is. */
  public enum Kind {
    DMA_ENGINE,
    NETWORK_CARD,
    NVME,
    GPU,
    LEGACY_CARD,
    ROGUE
  }

  /** Mask of a device with 64-bit addressing. */
  public static final long MASK_64 = -1L;

  /** Mask of a device with 32-bit addressing. */
  public static final long MASK_32 = 0xFFFF_FFFFL;

  /** A plain DMA engine with 64-bit addressing. */
  public static PciDevice engine(SourceId source) {
    return new PciDevice(source, source.toString(), Kind.DMA_ENGINE, MASK_64);
  }
}
