package org.iommulab.linux.boot.choice;

import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.swiotlb.SwiotlbOptions;

/**
 * What a boot chooses for DMA.
 *
 * @param driver what becomes of the IOMMU driver
 * @param defaultDomain what trusted devices get
 * @param invalidation when unmapped addresses are forgotten
 * @param pool what becomes of SWIOTLB's memory
 * @param forceBounce everything that is not translated bounces
 * @param swiotlb sizes of the pool
 * @param superpages tables may have large leaves
 * @param scalable scalable mode is used
 * @param graphicsMapped units for graphics only are used
 * @param forceDac IOVAs above 4 GiB are given at once
 * @param tableParsed the lines about the DMAR table's contents are printed
 * @param reasons every decision and why
 * @param printed log lines in order, without those about the table's contents
 */
public record BootChoice(
    Driver driver,
    DefaultDomain defaultDomain,
    Invalidation invalidation,
    Pool pool,
    boolean forceBounce,
    SwiotlbOptions swiotlb,
    boolean superpages,
    boolean scalable,
    boolean graphicsMapped,
    boolean forceDac,
    boolean tableParsed,
    List<Reason> reasons,
    List<String> printed) {

  /** What becomes of the IOMMU driver. */
  public enum Driver {
    /** There is no table, so no driver. */
    ABSENT,
    /** A software option ended the search before VT-d was looked for. */
    SKIPPED,
    /** The table is read, the units are switched off. */
    DISABLED,
    /** Translation is on. */
    ON,
    /** A trusted launch needs it, and it cannot be had: the kernel stops. */
    PANIC
  }

  /** What a trusted device's DMA gets. */
  public enum DefaultDomain {
    /** No IOMMU: physical addresses, bounced where a mask is short. */
    NONE,
    /** Page tables of its own. */
    TRANSLATED,
    /** Pass-through contexts (TT=10). */
    PASS_THROUGH,
    /** Page tables that map all memory one to one. */
    IDENTITY_TABLES
  }

  /** When the hardware forgets an unmapped address. */
  public enum Invalidation {
    STRICT,
    LAZY,
    /** Nothing is ever mapped. */
    NONE
  }

  /** What becomes of SWIOTLB's memory. */
  public enum Pool {
    NEVER,
    FREED,
    KEPT
  }

  public BootChoice {
    reasons = List.copyOf(reasons);
    printed = List.copyOf(printed);
  }

  /** Decides. */
  public static BootChoice decide(String cmdline, Kconfig kconfig, Firmware firmware, Era era) {
    return new Decision(cmdline, kconfig, firmware, era).decide();
  }
}
