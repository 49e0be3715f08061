package org.iommulab.linux.vfio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Era;
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

  private Type1Capabilities() {}

  /** The chain as bytes, with what kernels of that age know (5.8, 5.10, 5.4). */
  static byte[] of(Type1Iommu type1, Era era) {
    var chain = new ArrayList<ByteBuffer>();
    if (era.tracksDirtyPages()) {
      chain.add(capability(UapiFlags.INFO_CAP_MIGRATION, 32).putLong(0));
      chain.getLast().putLong(4096).putLong(MOST_BITMAP_BYTES);
    }
    if (era.atLeast(Era.V5_12)) {
      chain.add(capability(UapiFlags.INFO_DMA_AVAIL, 12).putInt((int) type1.available()));
    }
    List<IovaList.Range> ranges = type1.domains().valid();
    ByteBuffer valid = capability(UapiFlags.INFO_CAP_IOVA_RANGE, 16 + 16 * ranges.size());
    valid.putInt(ranges.size()).putInt(0);
    for (IovaList.Range range : ranges) {
      valid.putLong(range.start()).putLong(range.last());
    }
    chain.add(valid);
    return linked(chain, era.atLeast(Era.V6_12) ? 8 : 1);
  }

  private static ByteBuffer capability(int id, int bytes) {
    ByteBuffer one = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return one.putShort((short) id).putShort((short) 1).putInt(0);
  }

  /** Lets each name the next; they begin at multiples of 8 only since 6.6. */
  private static byte[] linked(List<ByteBuffer> chain, int alignment) {
    var bytes = new ByteArrayOutputStream();
    for (ByteBuffer one : chain) {
      boolean last = one == chain.getLast();
      int end = bytes.size() + one.capacity();
      int next = last ? end : (end + alignment - 1) / alignment * alignment;
      one.putInt(4, last ? 0 : FIRST + next);
      bytes.writeBytes(one.array());
      bytes.writeBytes(new byte[next - end]);
    }
    return bytes.toByteArray();
  }
}
