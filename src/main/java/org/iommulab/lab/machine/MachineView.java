package org.iommulab.lab.machine;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.memory.MemoryView;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.request.WalkPath;

/** A machine that is looked at only: what can be asked of it and changes nothing. */
public interface MachineView {

  /** What it is built of. */
  MachineSpec spec();

  /** Its memory. */
  MemoryView memory();

  /** All remapping units. */
  List<? extends UnitView> units();

  /** The first remapping unit. */
  UnitView unit();

  /** The unit that serves a requester; empty if no unit does, so that nothing is translated. */
  Optional<? extends UnitView> unit(SourceId source);

  /** The id that a function's requests carry when they reach its unit. */
  SourceId requester(SourceId source);

  /** The requesters. */
  List<PciDevice> devices();

  /** The device with that id, with its registers; empty for what has none. */
  Optional<? extends DeviceView> device(SourceId source);

  /** What a device's own translation cache holds; nothing if it has none. */
  List<DeviceTlb.Line> cached(SourceId source);

  /** The way of the last request while tracing was on. */
  Optional<WalkPath> lastPath();
}
