package org.iommulab.vtd.tables;

import org.iommulab.bits.Field;
import org.iommulab.vtd.layout.RegisterLayouts;

/** What RTADDR.TTM makes of the root table. */
public enum Mode {
  LEGACY,
  SCALABLE,
  RESERVED,
  ABORT;

  private static final Field TABLE_MODE = RegisterLayouts.RTADDR.field("TTM");

  /** The mode in a root-table address register. */
  public static Mode of(long rtaddr) {
    return switch ((int) TABLE_MODE.get(rtaddr)) {
      case 0 -> LEGACY;
      case 1 -> SCALABLE;
      case 2 -> RESERVED;
      default -> ABORT;
    };
  }
}
