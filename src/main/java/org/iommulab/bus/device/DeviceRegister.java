package org.iommulab.bus.device;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/**
 * A register of a device.
 *
 * @param offset in bytes from the start of its register block
 * @param access what a driver may do with it
 * @param layout its name, size and fields
 */
public record DeviceRegister(int offset, Access access, Layout layout) {

  /** What a driver may do with a register. */
  public enum Access {
    READ_WRITE,
    READ_ONLY,
    /** What was counted since a driver read it last. */
    READ_CLEARS,
    /** Bits written as one become zero. */
    WRITE_ONE_CLEARS
  }

  /** Declares a register of 1, 2, 4 or 8 bytes; bits without a field are reserved. */
  static DeviceRegister of(
      String source, int offset, Access access, String name, int bits, Field... fields) {
    return new DeviceRegister(offset, access, Layout.of(name, bits, source, fields));
  }

  /** Its name. */
  public String name() {
    return layout.name();
  }

  /** 1, 2, 4 or 8. */
  public int bytes() {
    return layout.bits() / 8;
  }

  /** Its bits as a mask. */
  long mask() {
    return -1L >>> 64 - layout.bits();
  }
}
