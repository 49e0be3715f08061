package org.iommulab.bus.device;

import java.util.List;
import java.util.stream.Stream;

/** What all devices with registers share: the registers' values and the way to the bus. */
abstract class RegisteredDevice implements DeviceModel {

  final DmaPort port;
  final RegisterBank registers;

  private final List<DeviceRegister> window;
  private final List<DeviceRegister> configuration;

  RegisteredDevice(DmaPort port, List<DeviceRegister> declared) {
    this(port, declared, List.of());
  }

  RegisteredDevice(
      DmaPort port, List<DeviceRegister> declared, List<DeviceRegister> configuration) {
    this.port = port;
    this.window = List.copyOf(declared);
    this.configuration = List.copyOf(configuration);
    registers = new RegisterBank(Stream.concat(window.stream(), configuration.stream()).toList());
  }

  @Override
  public final List<DeviceRegister> registers() {
    return window;
  }

  @Override
  public final List<DeviceRegister> configuration() {
    return configuration;
  }

  @Override
  public final long read(DeviceRegister register) {
    return registers.get(register);
  }

  @Override
  public final void wasRead(DeviceRegister register) {
    if (register.access() == DeviceRegister.Access.READ_CLEARS) {
      registers.set(register, 0);
    }
  }

  @Override
  public void write(DeviceRegister register, long value) {
    registers.written(register, value);
  }
}
