package org.iommulab.bus.device;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bits.Field;

/** The registers of one device with their values. */
final class RegisterBank {

  private final Map<DeviceRegister, Integer> places = new IdentityHashMap<>();
  private final long[] values;

  RegisterBank(List<DeviceRegister> declared) {
    values = new long[declared.size()];
    for (DeviceRegister register : declared) {
      places.put(register, places.size());
    }
  }

  private int place(DeviceRegister register) {
    Integer place = places.get(register);
    if (place == null) {
      throw new IllegalArgumentException("this device has no register " + register.name());
    }
    return place;
  }

  long get(DeviceRegister register) {
    return values[place(register)];
  }

  int getInt(DeviceRegister register) {
    return (int) get(register);
  }

  void set(DeviceRegister register, long value) {
    values[place(register)] = value & register.mask();
  }

  boolean isSet(DeviceRegister register, Field field) {
    return field.isSet(get(register));
  }

  void raise(DeviceRegister register, Field field) {
    set(register, get(register) | field.mask());
  }

  void clear(DeviceRegister register, Field field) {
    set(register, get(register) & ~field.mask());
  }

  /** A driver's write, by the register's rule; tells whether it may have changed something. */
  boolean written(DeviceRegister register, long value) {
    switch (register.access()) {
      case READ_WRITE -> set(register, value);
      case WRITE_ONE_CLEARS -> set(register, get(register) & ~value);
      case READ_ONLY, READ_CLEARS -> {
        return false;
      }
    }
    return true;
  }

  void reset() {
    Arrays.fill(values, 0);
  }
}
