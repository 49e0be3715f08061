package org.iommulab.linux.intel;

import org.iommulab.bits.Field;
import org.iommulab.bus.Mmio;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/** A unit's registers as the driver reaches them, with the command handshake. */
final class UnitRegisters {

  /** Status reads before the driver gives up on a command. */
  private static final int PATIENCE = 1000;

  /** Command bits that stay set; the one-shot ones must not be written again. */
  private static final long PERSISTENT = 0x96FF_FFFFL;

  private final Mmio mmio;
  private final long base;
  private final long cap;
  private final long ecap;

  UnitRegisters(Mmio mmio, long base) {
    this.mmio = mmio;
    this.base = base;
    this.cap = mmio.read(RegisterLayouts.CAP.position(), 8);
    this.ecap = mmio.read(RegisterLayouts.ECAP.position(), 8);
  }

  long base() {
    return base;
  }

  long cap() {
    return cap;
  }

  long ecap() {
    return ecap;
  }

  long read(Register register) {
    return mmio.read(register.offset(cap, ecap), register.bytes());
  }

  void write(Register register, long value) {
    mmio.write(register.offset(cap, ecap), register.bytes(), value);
  }

  long read(int offset, int size) {
    return mmio.read(offset, size);
  }

  void write(int offset, int size, long value) {
    mmio.write(offset, size, value);
  }

  /**
   * Sets or clears one command bit and waits until the status follows.
   *
   * @return false if it never did
   */
  boolean command(String bit, boolean on) {
    Field field = RegisterLayouts.GCMD.field(bit);
    long command = read(RegisterLayouts.GSTS) & PERSISTENT & ~field.mask();
    write(RegisterLayouts.GCMD, on ? command | field.mask() : command);
    // The write buffer flush reports its end with a zero; all others mirror the command.
    boolean expected = on && !bit.equals("WBF");
    for (int i = 0; i < PATIENCE; i++) {
      if (((read(RegisterLayouts.GSTS) & field.mask()) != 0) == expected) {
        return true;
      }
    }
    return false;
  }

  boolean status(String bit) {
    return RegisterLayouts.GSTS.field(bit).isSet(read(RegisterLayouts.GSTS));
  }
}
