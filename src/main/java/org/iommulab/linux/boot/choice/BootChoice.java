package org.iommulab.linux.boot.choice;

import java.util.List;
import org.iommulab.linux.boot.BootPolicy;
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
 * @param poolGrows a full pool gets company
 * @param superpages tables may have large leaves
 * @param scalable scalable mode is used
 * @param graphicsMapped units for graphics only are used
 * @param forceDac IOVAs above 4 GiB are given at once
 * @param driverBuilt the kernel has a VT-d driver
 * @param tableParsed the lines about the DMAR table's contents are printed
 * @param policy what the IOMMU code is told
 * @param hooks who is asked for DMA, in order, and which of them answered
 * @param reasons every decision and why
 * @param lines log lines in order, without those about the table's contents
 */
public record BootChoice(
    Driver driver,
    DefaultDomain defaultDomain,
    Invalidation invalidation,
    Pool pool,
    boolean forceBounce,
    SwiotlbOptions swiotlb,
    boolean poolGrows,
    boolean superpages,
    boolean scalable,
    boolean graphicsMapped,
    boolean forceDac,
    boolean driverBuilt,
    boolean tableParsed,
    BootPolicy policy,
    List<Hook> hooks,
    List<Reason> reasons,
    List<Line> lines) {

  /** When a line is printed. */
  public enum Phase {
    /** While the command line is read, before any hardware is looked for. */
    PARAMETERS,
    /** When the IOMMU core comes up. */
    POLICY,
    /** At the start of {@code intel_iommu_init()}. */
    OVERRIDE,
    /** By the driver. */
    DRIVER,
    /** At the end of {@code pci_iommu_init()}. */
    LATE
  }

  /** A line of the log and when it comes. */
  public record Line(Phase phase, String text) {}

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
    hooks = List.copyOf(hooks);
    lines = List.copyOf(lines);
  }

  /** All lines in order. */
  public List<String> printed() {
    return lines.stream().map(Line::text).toList();
  }

  /** The lines of one phase. */
  public List<String> printed(Phase phase) {
    return lines.stream().filter(line -> line.phase() == phase).map(Line::text).toList();
  }

  /** Decides. */
  public static BootChoice decide(String cmdline, Kconfig kconfig, Firmware firmware, Era era) {
    return new Decision(cmdline, kconfig, firmware, era).decide();
  }
}
