package org.iommulab.evidence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;

/**
 * An ELF64 core made by hand: legacy mode, device 00:03.0 with one page at IOVA 0x4000.
 *
 * <pre>
 *   0x1000 root   0x2000 context   0x10000-0x13000 PML4, PDPT, PD, PT   0xfed90000 registers
 * </pre>
 */
final class DumpBuilder {

  static final long REGISTERS = 0xFED9_0000L;

  private final TreeMap<Long, ByteBuffer> pages = new TreeMap<>();

  DumpBuilder() {
    qword(0x1000, 0x2001);
    qword(0x2180, 0x10001).qword(0x2188, 0x702);
    qword(0x10000, 0x11003).qword(0x11000, 0x12003).qword(0x12000, 0x13003);
    qword(0x13020, 0x500003);
    register(0x00, 0x10).register(0x08, 0x00D2008C222F0606L).register(0x10, 0xF00F4A);
    register(0x18, 0xC000_0000L << 32).register(0x20, 0x1000);
  }

  DumpBuilder qword(long address, long value) {
    pages
        .computeIfAbsent(
            address & -4096, page -> ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN))
        .putLong((int) address & 4095, value);
    return this;
  }

  DumpBuilder register(int offset, long value) {
    return qword(REGISTERS + offset, value);
  }

  DumpBuilder without(long page) {
    pages.remove(page);
    return this;
  }

  byte[] page(long address) {
    return pages.get(address).array();
  }

  /** One PT_LOAD for each page. */
  byte[] elf() {
    int headers = 64 + 56 * pages.size();
    int data = Math.ceilDiv(headers, 4096) * 4096;
    ByteBuffer out = ByteBuffer.allocate(data + 4096 * pages.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x464C457F).put((byte) 2).put((byte) 1).put((byte) 1);
    out.putShort(0x10, (short) 4).putShort(0x12, (short) 62).putInt(0x14, 1);
    out.putLong(0x20, 64).putShort(0x34, (short) 64).putShort(0x36, (short) 56);
    out.putShort(0x38, (short) pages.size());
    int index = 0;
    for (var page : pages.entrySet()) {
      int at = 64 + 56 * index;
      int offset = data + 4096 * index++;
      out.putInt(at, 1).putLong(at + 8, offset).putLong(at + 0x18, page.getKey());
      out.putLong(at + 0x20, 4096).putLong(at + 0x28, 4096);
      out.put(offset, page.getValue().array());
    }
    return out.array();
  }

  /** A range header before each page. */
  byte[] lime() {
    ByteBuffer out = ByteBuffer.allocate(4128 * pages.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (var page : pages.entrySet()) {
      out.putInt(0x4C694D45).putInt(1).putLong(page.getKey()).putLong(page.getKey() + 4095);
      out.putLong(0).put(page.getValue().array());
    }
    return out.array();
  }

  /** All pages below 1 MiB as they lie in memory. */
  byte[] raw() {
    ByteBuffer out = ByteBuffer.allocate(1 << 20);
    pages.headMap(1L << 20).forEach((address, page) -> out.put((int) (long) address, page.array()));
    return out.array();
  }
}
