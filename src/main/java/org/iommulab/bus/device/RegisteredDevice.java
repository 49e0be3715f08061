package org.iommulab.bus.device;

import java.util.List;

/** What all devices with registers share: the registers' values and the way to the bus. */
abstract class RegisteredDevice implements DeviceModel {

  final DmaPort port;
  final RegisterBank registers;

  RegisteredDevice(DmaPort port, List<DeviceRegister> declared) {
    this.port = port;
    registers = new RegisterBank(declared);
  }

  @Override
  public final List<DeviceRegister> registers() {
    return registers.declared();
  }

  @Override
  public final long read(DeviceRegister register) {
    return registers.get(register);
  }

  @Override
  public void write(DeviceRegister register, long value) {
    registers.written(register, value);
  }
}
