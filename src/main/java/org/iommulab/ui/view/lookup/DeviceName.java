package org.iommulab.ui.view.lookup;

import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;

/** What devices are called. */
public final class DeviceName {

  private DeviceName() {}

  /** {@code 00:03.0 nic}, or the requester id alone for a device without a name. */
  public static String of(LabView view, SourceId source) {
    String name = alone(view, source);
    return name.isEmpty() ? source.toString() : source + " " + name;
  }

  /** {@code nic}, or nothing. */
  public static String alone(LabView view, SourceId source) {
    return view.machine().stream()
        .flatMap(machine -> machine.devices().stream())
        .filter(device -> device.source().equals(source))
        .map(PciDevice::name)
        .filter(name -> !name.equals(source.toString()))
        .findFirst()
        .orElse("");
  }
}
