package org.iommulab.lab.machine;

import java.util.Map;
import java.util.TreeMap;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.AtsEndpoint;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.vtd.request.TranslationTrace;
import org.jspecify.annotations.Nullable;

/** The device-TLBs of a machine: every device has one, whether the unit above lets it be used. */
final class Endpoints {

  private final Map<SourceId, DeviceTlb> all = new TreeMap<>();
  private final Map<SourceId, ListenedAgent> agents = new TreeMap<>();

  /** Gives a device its device-TLB. */
  void add(PciDevice device, ListenedAgent agent) {
    agents.put(device.source(), agent);
    all.put(device.source(), new DeviceTlb(device.source(), agent, DeviceTlb.USUAL_CAPACITY));
  }

  @Nullable AtsEndpoint endpoint(SourceId source) {
    return all.get(source);
  }

  @Nullable DeviceTlb deviceTlb(SourceId source) {
    return all.get(source);
  }

  /** What a device has asked its unit for since the last call; null if nothing. */
  @Nullable TranslationTrace takeAsked(SourceId source) {
    ListenedAgent agent = agents.get(source);
    return agent == null ? null : agent.take();
  }

  void reset() {
    all.values().forEach(DeviceTlb::clear);
  }
}
