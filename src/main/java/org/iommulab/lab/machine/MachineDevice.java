package org.iommulab.lab.machine;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciFunction;
import org.iommulab.bus.PciIdentity;
import org.iommulab.bus.device.DeviceModel;
import org.iommulab.bus.device.DeviceModels;
import org.iommulab.bus.device.MessageCapability;
import org.iommulab.bus.device.RegisterWindow;
import org.iommulab.progress.Progress;

/** A device of a machine that does its work by itself once a driver has told it to. */
public final class MachineDevice implements PciFunction, DeviceView {

  private final PciDevice device;
  private final DevicePort port;
  private final DeviceModel model;
  private final Mmio window;
  private final Mmio configuration;

  private MachineDevice(PciDevice device, DevicePort port, DeviceModel model) {
    this.device = device;
    this.port = port;
    this.model = model;
    this.window = new RegisterWindow(model, model.registers());
    this.configuration = new RegisterWindow(model, model.configuration());
  }

  static Optional<MachineDevice> of(Machine machine, PciDevice device) {
    var port = new DevicePort(machine, device);
    return DeviceModels.of(device, port).map(model -> new MachineDevice(device, port, model));
  }

  /** Where it sits and what it can do. */
  @Override
  public PciDevice device() {
    return device;
  }

  /** Its registers, rings and activity. */
  public DeviceModel model() {
    return model;
  }

  @Override
  public String activity() {
    return model.activity();
  }

  @Override
  public List<DeviceModel.Ring> rings() {
    return model.rings();
  }

  /** What became of its requests since reset. */
  @Override
  public DmaCounters counters() {
    return port.counters();
  }

  /** The latest of its requests that did not get through; empty if all did. */
  @Override
  public Optional<Refusal> lastRefusal() {
    return Optional.ofNullable(port.lastRefusal());
  }

  /** Lets it work until nothing is left to do, or for so many steps; answers how many it took. */
  public int run(int atMost) {
    int steps = 0;
    while (steps < atMost && model.step()) {
      steps++;
      Progress.report(steps, atMost);
    }
    return steps;
  }

  /** Reset of the whole machine: what was counted of it is forgotten too. */
  void powerOn() {
    model.reset();
    port.reset();
  }

  // ---- as its driver meets it ------------------------------------------------------------------

  @Override
  public PciIdentity identity() {
    return device.kind().identity();
  }

  @Override
  public Mmio window() {
    return window;
  }

  @Override
  public Mmio configuration() {
    return configuration;
  }

  @Override
  public boolean hasExtendedConfiguration() {
    return model.configuration().stream().anyMatch(register -> register.offset() >= 256);
  }

  @Override
  public int messages() {
    return MessageCapability.isIn(model) ? 1 : 0;
  }

  @Override
  public void setMessage(int number, long address, int data) {
    if (number < messages()) {
      MessageCapability.set(model, address, data);
    }
  }

  @Override
  public void silence(int number) {
    if (number < messages()) {
      MessageCapability.silence(model);
    }
  }

  @Override
  public boolean hasPin() {
    return model.hasPin();
  }

  @Override
  public boolean isPinAsserted() {
    return model.wantsAttention();
  }

  @Override
  public void reset() {
    model.reset();
  }
}
