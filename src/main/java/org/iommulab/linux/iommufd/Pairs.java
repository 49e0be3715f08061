package org.iommulab.linux.iommufd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Two 64-bit numbers, as user space lays out a range. */
final class Pairs {

  private Pairs() {}

  static byte[] of(long first, long second) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(first).putLong(second).array();
  }

  static long first(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  static long second(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
  }
}
