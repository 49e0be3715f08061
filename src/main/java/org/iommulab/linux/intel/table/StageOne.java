package org.iommulab.linux.intel.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A user's own first-stage table, as passed to HWPT_ALLOC ({@code struct iommu_hwpt_vtd_s1}).
 *
 * @param flags {@link #SRE} and the others
 * @param table guest-physical address of the top table
 * @param addressWidth {@link #FOUR_LEVELS} or {@link #FIVE_LEVELS}
 */
public record StageOne(long flags, long table, int addressWidth) {

  /** Number of this data type: {@code IOMMU_HWPT_DATA_VTD_S1}. */
  public static final int DATA_TYPE = 1;

  /** Size of the structure. */
  public static final int BYTES = 24;

  /** Width of a table of four levels. */
  public static final int FOUR_LEVELS = 48;

  /** Width of a table of five levels. */
  public static final int FIVE_LEVELS = 57;

  /** Supervisor requests are allowed. */
  static final long SRE = 1;

  /** The extended-accessed bit is set. */
  static final long EAFE = 2;

  /** Supervisor writes obey R/W. */
  static final long WPE = 4;

  public static StageOne of(byte[] bytes) {
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new StageOne(data.getLong(0), data.getLong(8), data.getInt(16));
  }

  public boolean supervisor() {
    return (flags & SRE) != 0;
  }

  public boolean extendedAccess() {
    return (flags & EAFE) != 0;
  }

  public boolean writeProtect() {
    return (flags & WPE) != 0;
  }
}
