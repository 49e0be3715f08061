package org.iommulab.lab.language;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** An immutable run of bytes as a command carries it; in JSON a string of hexadecimal digits. */
public final class Bytes {

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of the given bytes. */
  public static Bytes of(byte... bytes) {
    return new Bytes(bytes.clone());
  }

  /** Quadwords in little-endian order. */
  public static Bytes ofQuadwords(long... quadwords) {
    ByteBuffer buffer = ByteBuffer.allocate(quadwords.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(quadwords);
    return new Bytes(buffer.array());
  }

  /**
   * Two hexadecimal digits a byte.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /** Number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return bytes.clone();
  }

  /** Tells whether the run is made of whole quadwords. */
  public boolean isQuadwords() {
    return bytes.length > 0 && bytes.length % 8 == 0;
  }

  /** The bytes as little-endian quadwords; a rest that does not fill one is left out. */
  public List<Long> quadwords() {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    Long[] values = new Long[buffer.remaining()];
    Arrays.setAll(values, i -> buffer.get(i));
    return List.of(values);
  }

  /** Lower-case hexadecimal digits, two a byte. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
