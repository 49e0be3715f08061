package org.iommulab.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Little-endian numbers at offsets of a table. */
record ByteReader(ByteBuffer bytes) {

  static ByteReader of(byte[] table) {
    return new ByteReader(ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN));
  }

  int size() {
    return bytes.limit();
  }

  int u8(int at) {
    return bytes.get(at) & 0xFF;
  }

  int u16(int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  int i32(int at) {
    return bytes.getInt(at);
  }

  long i64(int at) {
    return bytes.getLong(at);
  }

  String text(int at, int length) {
    byte[] raw = new byte[length];
    bytes.get(at, raw);
    return new String(raw, StandardCharsets.ISO_8859_1);
  }
}
