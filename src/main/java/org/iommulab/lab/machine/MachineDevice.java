package org.iommulab.lab.machine;

import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.device.DeviceModel;
import org.iommulab.bus.device.DeviceModels;
import org.iommulab.progress.Progress;

/** A device of a machine that does its work by itself once a driver has told it to. */
public final class MachineDevice {

  private final PciDevice device;
  private final DevicePort port;
  private final DeviceModel model;

  private MachineDevice(PciDevice device, DevicePort port, DeviceModel model) {
    this.device = device;
    this.port = port;
    this.model = model;
  }

  static Optional<MachineDevice> of(Machine machine, PciDevice device) {
    var port = new DevicePort(machine, device);
    return DeviceModels.of(device, port).map(model -> new MachineDevice(device, port, model));
  }

  /** Where it sits and what it can do. */
  public PciDevice device() {
    return device;
  }

  /** Its registers, rings and activity. */
  public DeviceModel model() {
    return model;
  }

  /** What became of its requests since reset. */
  public DmaCounters counters() {
    return port.counters();
  }

  /** The latest of its requests that did not get through; empty if all did. */
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

  void reset() {
    model.reset();
    port.reset();
  }
}
