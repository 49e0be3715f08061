package org.iommulab.vtd.tables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.memory.PhysicalMemory;

/**
 * Tables written by hand.
 *
 * <pre>
 *   0x1000 root    0x2000 context of bus 0    0x10000.. page tables
 * </pre>
 */
final class TablesFixture {

  static final long ROOT = 0x1000;
  static final long CONTEXT = 0x2000;
  static final long READ_WRITE = 3;
  static final long LARGE = 0x80;
  static final long CAP = 0x00D2008C222F0606L;
  static final int RTPS_TES = 0xC000_0000;
  static final int MASKED = 0x8000_0000;

  final PhysicalMemory memory = PhysicalMemory.ofSize(64 << 20);
  private final ByteBuffer window =
      ByteBuffer.allocate(RegisterValues.WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  TablesFixture() {
    register32(0x00, 0x10);
    register64(0x08, CAP);
    register64(0x10, 0xF00F4A);
    register32(0x1C, RTPS_TES);
    register32(0x38, MASKED);
    register32(0xA0, MASKED);
    register64(0x20, ROOT);
  }

  TablesFixture register32(int offset, int value) {
    window.putInt(offset, value);
    return this;
  }

  TablesFixture register64(int offset, long value) {
    window.putLong(offset, value);
    return this;
  }

  TablesFixture entry(long table, int index, long value) {
    memory.writeQword(table + 8L * index, value);
    return this;
  }

  /** A present legacy context entry of 00:DEV.0 with a 4-level table. */
  TablesFixture context(int device, long table, int type, int domain) {
    memory.writeQword(ROOT, CONTEXT | 1);
    long at = CONTEXT + device * 128L;
    memory.writeQword(at, table | (long) type << 2 | 1);
    memory.writeQword(at + 8, (long) domain << 8 | 2);
    return this;
  }

  /** Tables 0x10000 to 0x12000 that lead from a 4-level root to the table at 0x13000. */
  TablesFixture chain() {
    return entry(0x10000, 0, 0x11000 | READ_WRITE)
        .entry(0x11000, 0, 0x12000 | READ_WRITE)
        .entry(0x12000, 0, 0x13000 | READ_WRITE);
  }

  TableBrowser browser() {
    return new TableBrowser(memory, RegisterValues.of(window.array()));
  }

  PageTable tree() {
    return browser().table(new TableKey(TableKey.Stage.SECOND, 0x10000, 4));
  }
}
