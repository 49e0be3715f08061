package org.iommulab.lab.machine;

import java.util.Map;
import java.util.TreeMap;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.AtsEndpoint;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.TranslationAgent;
import org.jspecify.annotations.Nullable;

/** The device-TLBs of a machine: every device has one, whether the unit above lets it be used. */
final class Endpoints {

  private final Map<SourceId, DeviceTlb> all = new TreeMap<>();

  /** Gives a device its device-TLB. */
  void add(PciDevice device, TranslationAgent agent) {
    all.put(device.source(), new DeviceTlb(device.source(), agent, DeviceTlb.USUAL_CAPACITY));
  }

  @Nullable AtsEndpoint endpoint(SourceId source) {
    return all.get(source);
  }

  @Nullable DeviceTlb deviceTlb(SourceId source) {
    return all.get(source);
  }

  void reset() {
    all.values().forEach(DeviceTlb::clear);
  }
}
