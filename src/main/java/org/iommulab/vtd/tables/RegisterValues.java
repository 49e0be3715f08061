package org.iommulab.vtd.tables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.bus.Mmio;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * The registers of one unit at one moment: a copy of its register window, little-endian. What lies
 * behind the end of the copy reads as zero.
 */
public final class RegisterValues {

  /** Bytes of a register window that holds all architectural registers of ordinary units. */
  public static final int WINDOW_BYTES = 4096;

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
    long cap = unit.read(0x08, 4) | unit.read(0x0C, 4) << 32;
    long ecap = unit.read(0x10, 4) | unit.read(0x14, 4) << 32;
    int bytes = Math.max(WINDOW_BYTES, faultRecordsEnd(cap));
    bytes = Math.max(bytes, RegisterLayouts.IOTLB.offset(cap, ecap) + 8);
    ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int offset = 0; offset < bytes; offset += 4) {
      copy.putInt(offset, (int) unit.read(offset, 4));
    }
    return new RegisterValues(copy);
  }

  private static int faultRecordsEnd(long cap) {
    int records = (int) CapabilityLayout.NFR.get(cap) + 1;
    return 16 * ((int) CapabilityLayout.FRO.get(cap) + records);
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

  /** The value of a register; of a fault record its lower half. */
  public long value(Register register) {
    return read(offset(register), Math.min(register.bytes(), 8));
  }

  /** Where a register is on this unit. */
  public int offset(Register register) {
    return register.offset(cap(), ecap());
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
    return read(RegisterLayouts.VER.position(), 4);
  }

  public long cap() {
    return read(RegisterLayouts.CAP.position(), 8);
  }

  public long ecap() {
    return read(RegisterLayouts.ECAP.position(), 8);
  }

  public long gsts() {
    return read(RegisterLayouts.GSTS.position(), 4);
  }

  public long fsts() {
    return read(RegisterLayouts.FSTS.position(), 4);
  }

  public long rtaddr() {
    return read(RegisterLayouts.RTADDR.position(), 8);
  }

  public long iqh() {
    return read(RegisterLayouts.IQH.position(), 8);
  }

  public long iqt() {
    return read(RegisterLayouts.IQT.position(), 8);
  }

  public long iqa() {
    return read(RegisterLayouts.IQA.position(), 8);
  }

  public long irta() {
    return read(RegisterLayouts.IRTA.position(), 8);
  }

  /** Number of fault-recording registers. */
  public int faultRecords() {
    return (int) CapabilityLayout.NFR.get(cap()) + 1;
  }

  /** One fault-recording register. */
  public FaultNode faultRecord(int index) {
    int at = offset(RegisterLayouts.FRCD) + index * FaultRecord.LAYOUT.bits() / 8;
    return new FaultNode(index, read(at, 8), read(at + 8, 8));
  }

  /** The unit has scalable mode. */
  public boolean hasScalableMode() {
    return ExtendedCapabilityLayout.SMTS.isSet(ecap());
  }
}
