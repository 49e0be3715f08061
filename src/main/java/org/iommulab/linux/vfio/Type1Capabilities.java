package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;

/**
 * The capability chain of {@code VFIO_IOMMU_GET_INFO}: dirty tracking, mappings left, IOVA ranges.
 * Each has a header of id, version and the offset of the next, counted from the structure's start.
 */
final class Type1Capabilities {

  /** Bytes of the largest dirty bitmap. */
  static final long MOST_BITMAP_BYTES = 1L << 28;

  private static final int FIRST = Uapi.VFIO_IOMMU_GET_INFO.size();
  private static final int MIGRATION_BYTES = 32;
  private static final int AVAILABLE_BYTES = 12;
  private static final int RANGES_BYTES = 16;

  private Type1Capabilities() {}

  /**
   * The chain as bytes.
   *
   * @param aligned every capability begins at a multiple of 8
   */
  static byte[] of(Type1Iommu type1, boolean aligned) {
    List<IovaList.Range> ranges = type1.domains().valid();
    int middle = aligned ? AVAILABLE_BYTES + 7 & -8 : AVAILABLE_BYTES;
    int bytes = MIGRATION_BYTES + middle + RANGES_BYTES + 16 * ranges.size();
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) UapiFlags.INFO_CAP_MIGRATION).putShort((short) 1);
    out.putInt(FIRST + MIGRATION_BYTES);
    out.putInt(0).putInt(0).putLong(4096).putLong(MOST_BITMAP_BYTES);
    out.putShort((short) UapiFlags.INFO_DMA_AVAIL).putShort((short) 1);
    out.putInt(FIRST + MIGRATION_BYTES + middle);
    out.putInt((int) type1.available()).position(MIGRATION_BYTES + middle);
    out.putShort((short) UapiFlags.INFO_CAP_IOVA_RANGE).putShort((short) 1).putInt(0);
    out.putInt(ranges.size()).putInt(0);
    for (IovaList.Range range : ranges) {
      out.putLong(range.start()).putLong(range.last());
    }
    return out.array();
  }
}
