package org.iommulab.linux.uapi;

/**
 * One field of a structure that crosses the border.
 *
 * @param name as in the kernel's header
 * @param offset in bytes
 * @param size 1, 2, 4 or 8 bytes
 * @param signed two's complement
 * @param out the kernel writes it
 * @param preset its value unless another is given
 */
public record UapiField(
    String name, int offset, int size, boolean signed, boolean out, long preset) {

  /** Its value in a structure that begins at {@code at}, zero-extended unless it is signed. */
  public long get(byte[] bytes, int at) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[at + offset + i] & 0xFFL) << 8 * i;
    }
    int free = Long.SIZE - 8 * size;
    return signed ? value << free >> free : value;
  }

  /** Sets it in a structure that begins at {@code at}; bits that do not fit are lost. */
  public void put(byte[] bytes, int at, long value) {
    for (int i = 0; i < size; i++) {
      bytes[at + offset + i] = (byte) (value >>> 8 * i);
    }
  }

  /** Tells whether a value fits. */
  public boolean holds(long value) {
    int bits = 8 * size;
    return bits == Long.SIZE || value >>> bits == 0 || (signed && value >> bits - 1 == -1);
  }
}
