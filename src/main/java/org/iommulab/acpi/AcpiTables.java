package org.iommulab.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.Page;

/**
 * The ACPI tables as firmware left them in memory.
 *
 * @param rsdp physical address of the root pointer
 * @param root physical address of the table of tables
 * @param extended the table of tables is an XSDT, otherwise an RSDT
 * @param tables what it lists, as far as memory holds it
 */
public record AcpiTables(long rsdp, long root, boolean extended, List<Table> tables) {

  private static final long BIOS_START = 0xE_0000;
  private static final long BIOS_END = 0x10_0000;
  private static final long EBDA_POINTER = 0x40E;
  private static final int MAX_TABLE_BYTES = 1 << 20;

  /**
   * One table.
   *
   * @param signature four characters
   * @param address physical
   * @param length bytes
   */
  public record Table(String signature, long address, int length) {}

  public AcpiTables {
    tables = List.copyOf(tables);
  }

  /** Looks for the root pointer where the ACPI specification says it is on PC firmware. */
  public static Optional<AcpiTables> find(MemoryView memory) {
    long ebda = (memory.readDword(EBDA_POINTER & ~3L) >>> 16 & 0xFFFFL) << 4;
    Optional<AcpiTables> inBios = search(memory, BIOS_START, BIOS_END);
    return inBios.isPresent() || ebda == 0 ? inBios : search(memory, ebda, ebda + 1024);
  }

  private static Optional<AcpiTables> search(MemoryView memory, long from, long to) {
    for (long at = from; at < to; at += 16) {
      if (memory.readQword(at) == 0x2052_5450_2044_5352L && sum(memory, at, 20) == 0) {
        return Optional.of(read(memory, at));
      }
    }
    return Optional.empty();
  }

  private static int sum(MemoryView memory, long at, int length) {
    byte[] bytes = new byte[length];
    memory.read(at, bytes, 0, length);
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum & 0xFF;
  }

  private static AcpiTables read(MemoryView memory, long rsdp) {
    byte[] bytes = new byte[36];
    memory.read(rsdp, bytes, 0, 36);
    ByteReader in = ByteReader.of(bytes);
    boolean extended = in.u8(15) >= 2 && in.i64(24) != 0;
    long root = extended ? in.i64(24) : in.i32(16) & 0xFFFF_FFFFL;
    return new AcpiTables(rsdp, root, extended, list(memory, root, extended ? 8 : 4));
  }

  private static List<Table> list(MemoryView memory, long root, int entryBytes) {
    var tables = new ArrayList<Table>();
    byte[] list = bytes(memory, root);
    ByteReader in = ByteReader.of(list);
    for (int at = 36; at + entryBytes <= list.length; at += entryBytes) {
      long address = entryBytes == 8 ? in.i64(at) : in.i32(at) & 0xFFFF_FFFFL;
      if (memory.isRam(Page.start(address), 4096)) {
        byte[] header = new byte[8];
        memory.read(address, header, 0, 8);
        ByteReader table = ByteReader.of(header);
        tables.add(new Table(table.text(0, 4), address, table.i32(4)));
      }
    }
    return tables;
  }

  /** The bytes of the table that starts at an address; empty if its length is nonsense. */
  private static byte[] bytes(MemoryView memory, long address) {
    byte[] header = new byte[8];
    memory.read(address, header, 0, 8);
    int length = ByteReader.of(header).i32(4);
    if (length < 36 || length > MAX_TABLE_BYTES || address < 0) {
      return new byte[0];
    }
    byte[] table = new byte[length];
    memory.read(address, table, 0, length);
    return table;
  }

  /** The bytes of the first table with that signature. */
  public Optional<byte[]> bytes(MemoryView memory, String signature) {
    for (Table table : tables) {
      if (table.signature().equals(signature)) {
        byte[] found = bytes(memory, table.address());
        return found.length == 0 ? Optional.empty() : Optional.of(found);
      }
    }
    return Optional.empty();
  }
}
