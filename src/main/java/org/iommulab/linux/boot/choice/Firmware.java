package org.iommulab.linux.boot.choice;

/**
 * What the machine and its firmware are, as far as it matters.
 *
 * @param dmarTable there is a DMAR table with a unit that answers
 * @param platformOptIn the table asks for protection (DMA_CTRL_PLATFORM_OPT_IN)
 * @param externalPort a PCI port is marked as external, so that its devices are untrusted
 * @param tboot the kernel was launched by tboot
 * @param memoryEncryption memory is encrypted
 * @param highMemory memory lies above 4 GiB
 * @param passThrough every unit can pass through (ECAP.PT)
 * @param cachingMode a unit caches not-present entries (CAP.CM)
 * @param scalableMode every unit has scalable mode (ECAP.SMTS) with first-stage tables
 */
public record Firmware(
    boolean dmarTable,
    boolean platformOptIn,
    boolean externalPort,
    boolean tboot,
    boolean memoryEncryption,
    boolean highMemory,
    boolean passThrough,
    boolean cachingMode,
    boolean scalableMode) {

  /** Lab machine L: one unit in legacy mode that can pass through, 8 GiB. */
  public static final Firmware LAB =
      new Firmware(true, false, false, false, false, true, true, false, false);
}
