package org.iommulab.vtd.tables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.bus.Mmio;

/**
 * The registers of one unit at one moment: a copy of its register window, little-endian. What lies
 * behind the end of the copy reads as zero.
 */
public final class RegisterValues {

  /** Bytes of a register window that holds all architectural registers of ordinary units. */
  public static final int WINDOW_BYTES = 4096;

  private static final int VER = 0x00;
  private static final int CAP = 0x08;
  private static final int ECAP = 0x10;
  private static final int GSTS = 0x1C;
  private static final int RTADDR = 0x20;
  private static final int IQH = 0x80;
  private static final int IQT = 0x88;
  private static final int IQA = 0x90;
  private static final int IRTA = 0xB8;
  private static final int FSTS = 0x34;

  private final ByteBuffer window;

  private RegisterValues(ByteBuffer window) {
    this.window = window.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The registers in a copy of the window, starting at its offset 0. */
  public static RegisterValues of(byte[] window) {
    return new RegisterValues(ByteBuffer.wrap(window.clone()));
  }

  /** Reads all registers of a live unit. Reading a VT-d register has no side effects. */
  public static RegisterValues of(Mmio unit) {
    ByteBuffer copy = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int offset = 0; offset < WINDOW_BYTES; offset += 4) {
      copy.putInt(offset, (int) unit.read(offset, 4));
    }
    return new RegisterValues(copy);
  }

  /** The value at an offset, zero-extended; size is 4 or 8. */
  public long read(int offset, int size) {
    if (size == 8) {
      return read(offset, 4) | read(offset + 4, 4) << 32;
    }
    if (offset < 0 || offset > window.capacity() - 4) {
      return 0;
    }
    return window.getInt(offset) & 0xFFFF_FFFFL;
  }

  /** Number of bytes known. */
  public int size() {
    return window.capacity();
  }

  /** The bytes themselves, a copy. */
  public byte[] bytes() {
    return window.array().clone();
  }

  public long version() {
    return read(VER, 4);
  }

  public long cap() {
    return read(CAP, 8);
  }

  public long ecap() {
    return read(ECAP, 8);
  }

  public long gsts() {
    return read(GSTS, 4);
  }

  public long fsts() {
    return read(FSTS, 4);
  }

  public long rtaddr() {
    return read(RTADDR, 8);
  }

  public long iqh() {
    return read(IQH, 8);
  }

  public long iqt() {
    return read(IQT, 8);
  }

  public long iqa() {
    return read(IQA, 8);
  }

  public long irta() {
    return read(IRTA, 8);
  }
}
