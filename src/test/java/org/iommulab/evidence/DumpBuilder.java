package org.iommulab.evidence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;

/**
 * An ELF64 core made by hand: legacy mode, device 00:03.0 with one page at IOVA 0x4000.
 *
 * <pre>
 *   0x1000 root   0x2000 context   0x10000-0x13000 PML4, PDPT, PD, PT   0xfed90000 registers
 * </pre>
 */
public final class DumpBuilder {

  static final long REGISTERS = 0xFED9_0000L;

  private final TreeMap<Long, ByteBuffer> pages = new TreeMap<>();

  public DumpBuilder() {
    qword(0x1000, 0x2001);
    qword(0x2180, 0x10001).qword(0x2188, 0x702);
    qword(0x10000, 0x11003).qword(0x11000, 0x12003).qword(0x12000, 0x13003);
    qword(0x13020, 0x500003);
    register(0x00, 0x10).register(0x08, 0x00D2008C222F0606L).register(0x10, 0xF00F4A);
    register(0x18, 0xC000_0000L << 32).register(0x20, 0x1000);
  }

  public DumpBuilder qword(long address, long value) {
    pages
        .computeIfAbsent(
            address & -4096, page -> ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN))
        .putLong((int) address & 4095, value);
    return this;
  }

  DumpBuilder register(int offset, long value) {
    return qword(REGISTERS + offset, value);
  }

  public DumpBuilder without(long page) {
    pages.remove(page);
    return this;
  }

  byte[] page(long address) {
    return pages.get(address).array();
  }

  /** One PT_LOAD for each page. */
  public byte[] elf() {
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

  DumpBuilder bytes(long address, byte... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      long at = address + i;
      qword(at & -8, pages.containsKey(at & -4096) ? read(at & -8) : 0);
      pages.get(at & -4096).put((int) at & 4095, bytes[i]);
    }
    return this;
  }

  private long read(long address) {
    return pages.get(address & -4096).getLong((int) address & 4095);
  }

  /** Firmware's root pointer, its list of tables, and a DMAR table with units at these bases. */
  public DumpBuilder firmware(Dmar dmar) {
    byte[] pointer = "RSD PTR \0IOLAB \0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer rsdp = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).put(pointer);
    rsdp.putInt(16, 0xE1000);
    rsdp.put(8, (byte) -sum(rsdp.array()));
    ByteBuffer rsdt = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    rsdt.put("RSDT".getBytes(StandardCharsets.US_ASCII)).putInt(40).putInt(36, 0xE2000);
    return bytes(0xE0000, rsdp.array()).bytes(0xE1000, rsdt.array()).bytes(0xE2000, dmar.toBytes());
  }

  private static int sum(byte... bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }

  /** A second unit, in segment 1: device 00:04.0 of it has one page at IOVA 0x8000. */
  public DumpBuilder secondUnit() {
    long base = REGISTERS + 0x1000;
    qword(0x3000, 0x4001);
    qword(0x4200, 0x20001).qword(0x4208, 0x902);
    qword(0x20000, 0x21003).qword(0x21000, 0x22003).qword(0x22000, 0x23003);
    qword(0x23040, 0x600003);
    qword(base, 0x10).qword(base + 8, 0x00D2008C222F0606L).qword(base + 16, 0xF00F4A);
    qword(base + 0x18, 0xC000_0000L << 32).qword(base + 0x20, 0x3000);
    var first = new DmarStructure.Drhd(1, 0, 0, REGISTERS, List.of());
    var second = new DmarStructure.Drhd(1, 0, 1, base, List.of());
    return firmware(Dmar.of(46, 1, List.of(first, second)));
  }

  /** What packs a page. */
  public interface Packer {
    byte[] pack(byte... page);
  }

  /**
   * As makedumpfile writes it: header, sub-header, two bitmaps, descriptors, packed pages. Pages
   * that are all zero are left out; RAM is whatever lies below the last page.
   */
  public byte[] kdump(int flag, Packer packer) {
    var packed = new java.util.ArrayList<byte[]>();
    int most = (int) (pages.lastKey() >>> 12) + 1;
    int blocks = Math.ceilDiv(Math.ceilDiv(most, 8), 4096);
    var stored = new java.util.BitSet();
    pages.forEach((address, page) -> stored.set((int) (address >>> 12)));
    int bytes = 0;
    for (ByteBuffer page : pages.values()) {
      packed.add(packer.pack(page.array()));
      bytes += packed.getLast().length;
    }
    int bitmaps = 2 * 4096;
    int descriptors = bitmaps + 2 * blocks * 4096;
    int data = descriptors + 24 * packed.size();
    ByteBuffer out = ByteBuffer.allocate(data + bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put("KDUMP   ".getBytes(StandardCharsets.US_ASCII)).putInt(6);
    out.putInt(428, 4096).putInt(432, 1).putInt(436, 2 * blocks).putInt(440, most);
    out.putInt(4096 + 8, 1).putLong(4096 + 96, most);
    for (int bitmap = 0; bitmap < 2; bitmap++) {
      out.put(bitmaps + bitmap * blocks * 4096, stored.toByteArray());
    }
    int at = data;
    int descriptor = descriptors;
    for (byte[] page : packed) {
      out.putLong(descriptor, at).putInt(descriptor + 8, page.length).putInt(descriptor + 12, flag);
      out.put(at, page);
      at += page.length;
      descriptor += 24;
    }
    return out.array();
  }

  /** The same sent through a pipe: records in any order, each with its place. */
  public static byte[] flattened(byte... file) {
    ByteBuffer out = ByteBuffer.allocate(4096 + file.length + 16 * 4 + 16);
    out.put("makedumpfile\0\0\0\0".getBytes(StandardCharsets.US_ASCII)).putLong(1).putLong(1);
    out.position(4096);
    int half = file.length / 2;
    out.putLong(half).putLong(file.length - half).put(file, half, file.length - half);
    out.putLong(0).putLong(half).put(file, 0, half);
    return out.putLong(-1).putLong(-1).array();
  }

  /** A range header before each page. */
  public byte[] lime() {
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
