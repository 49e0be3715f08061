package org.iommulab.vtd.config;

/**
 * The keys of a script's machine line that shape the unit; defaults are QEMU's except {@code
 * intremap}.
 *
 * @param awBits 39, 48 or 57; also the host address width (57 counts as 52)
 * @param cachingMode CAP.CM
 * @param scalable ECAP.SMTS
 * @param pasid ECAP.PASID
 * @param deviceIotlb ECAP.DT
 * @param snoopControl ECAP.SC
 * @param dmaDrain CAP.DWD and CAP.DRD
 * @param dmaTranslation false: no page-table depth is supported
 * @param passThrough ECAP.PT
 * @param intremap ECAP.IR
 * @param eim ECAP.EIM
 */
public record MachineOptions(
    int awBits,
    boolean cachingMode,
    boolean scalable,
    boolean pasid,
    boolean deviceIotlb,
    boolean snoopControl,
    boolean dmaDrain,
    boolean dmaTranslation,
    boolean passThrough,
    boolean intremap,
    boolean eim) {

  /** What a machine line without keys means. */
  public static final MachineOptions DEFAULT =
      new MachineOptions(39, false, false, false, false, false, true, true, true, false, false);
}
