package org.iommulab.linux.intel.queue;

import org.iommulab.bits.Field;
import org.iommulab.bus.Mmio;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/** A unit's registers as the driver reaches them, with the command handshake. */
public final class UnitRegisters {

  /** Status reads before the driver gives up on a command. */
  private static final int PATIENCE = 1000;

  /** Command bits that stay set; the one-shot ones must not be written again. */
  private static final long PERSISTENT = 0x96FF_FFFFL;

  private final Mmio mmio;
  private final long base;
  private final long cap;
  private final long ecap;

  public UnitRegisters(Mmio mmio, long base) {
    this.mmio = mmio;
    this.base = base;
    this.cap = mmio.read(RegisterLayouts.CAP.position(), 8);
    this.ecap = mmio.read(RegisterLayouts.ECAP.position(), 8);
  }

  long base() {
    return base;
  }

  public long cap() {
    return cap;
  }

  public long ecap() {
    return ecap;
  }

  public long read(Register register) {
    return mmio.read(register.offset(cap, ecap), register.bytes());
  }

  public void write(Register register, long value) {
    mmio.write(register.offset(cap, ecap), register.bytes(), value);
  }

  public long read(int offset, int size) {
    return mmio.read(offset, size);
  }

  public void write(int offset, int size, long value) {
    mmio.write(offset, size, value);
  }

  /**
   * Sets or clears one command bit and waits until the status follows.
   *
   * @return false if it never did
   */
  public boolean command(String bit, boolean on) {
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

  public boolean status(String bit) {
    return RegisterLayouts.GSTS.field(bit).isSet(read(RegisterLayouts.GSTS));
  }
}
