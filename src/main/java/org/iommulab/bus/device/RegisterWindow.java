package org.iommulab.bus.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.device.DeviceRegister.Access;

/**
 * Registers of a device as bytes: an access may meet a part of a register, or several. Where there
 * is none, reads give zero and writes vanish.
 */
public final class RegisterWindow implements Mmio {

  private final DeviceModel model;
  private final List<DeviceRegister> registers;

  /** Those registers of a device, each at its offset. */
  public RegisterWindow(DeviceModel model, List<DeviceRegister> registers) {
    this.model = model;
    var sorted = new ArrayList<>(registers);
    sorted.sort(Comparator.comparingInt(DeviceRegister::offset));
    this.registers = List.copyOf(sorted);
  }

  private static long ones(int bytes) {
    return -1L >>> 64 - 8 * bytes;
  }

  /** Bits of an access, or of a register's part in it: moved by whole bytes, up or down. */
  private static long moved(long value, int bytes) {
    return bytes >= 0 ? value << 8 * bytes : value >>> -8 * bytes;
  }

  private static boolean meets(DeviceRegister register, int offset, int size) {
    return register.offset() < offset + size && offset < register.offset() + register.bytes();
  }

  @Override
  public long read(int offset, int size) {
    long value = 0;
    for (DeviceRegister register : registers) {
      if (meets(register, offset, size)) {
        value |= moved(model.read(register), register.offset() - offset);
        model.wasRead(register);
      }
    }
    return value & ones(size);
  }

  @Override
  public void write(int offset, int size, long value) {
    long given = value & ones(size);
    for (DeviceRegister register : registers) {
      if (meets(register, offset, size)) {
        int distance = offset - register.offset();
        long touched = moved(ones(size), distance) & register.mask();
        long bits = moved(given, distance) & register.mask();
        // What is not touched stays: as it is, or, where ones clear, by zeros.
        boolean whole = touched == register.mask() || register.access() == Access.WRITE_ONE_CLEARS;
        model.write(register, whole ? bits : model.read(register) & ~touched | bits);
      }
    }
  }
}
