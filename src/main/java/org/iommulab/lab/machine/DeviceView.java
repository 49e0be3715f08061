package org.iommulab.lab.machine;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.device.DeviceModel;

/** A device with registers that is looked at only. */
public interface DeviceView {

  /** Where it sits and what it can do. */
  PciDevice device();

  /** What it is doing, in a few words. */
  String activity();

  /** Its rings and queues. */
  List<DeviceModel.Ring> rings();

  /** What became of its requests since reset. */
  DmaCounters counters();

  /** The latest of its requests that did not get through; empty if all did. */
  Optional<Refusal> lastRefusal();
}
