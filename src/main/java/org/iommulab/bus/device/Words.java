package org.iommulab.bus.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian numbers in the bytes of a descriptor. */
final class Words {

  private Words() {}

  static ByteBuffer of(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] quadwords(long... values) {
    byte[] bytes = new byte[values.length * 8];
    ByteBuffer out = of(bytes);
    for (long value : values) {
      out.putLong(value);
    }
    return bytes;
  }
}
