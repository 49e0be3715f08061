package org.iommulab.vtd.tables;

/** What RTADDR.TTM makes of the root table. */
public enum Mode {
  LEGACY,
  SCALABLE,
  RESERVED,
  ABORT;

  /** The mode in a root-table address register. */
  public static Mode of(long rtaddr) {
    return switch ((int) (rtaddr >>> 10) & 3) {
      case 0 -> LEGACY;
      case 1 -> SCALABLE;
      case 2 -> RESERVED;
      default -> ABORT;
    };
  }
}
