package org.iommulab.linux.iommufd;

import org.iommulab.bus.Pasid;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.jspecify.annotations.Nullable;

/** Something a device can be attached to: a domain with an id. */
abstract class HwPagetable extends IommufdObject {

  private @Nullable FaultQueue fault;

  HwPagetable(IommufdContext context, int id) {
    super(context, id);
  }

  /** The domain behind it. */
  abstract IommuDomain domain();

  /** The paging HWPT that decides about IOVAs: itself, or the parent. */
  abstract HwptPaging paging();

  /** May be used by PASIDs. */
  abstract boolean pasidCompatible();

  /** Page requests of devices attached to it go to that queue. */
  final void setFault(FaultQueue queue) {
    fault = queue;
    queue.hold(name());
    domain().setIopfHandler(queue::handle);
  }

  /**
   * A device is detached: its page requests are answered.
   *
   * @param pasid what was attached, 0 for the device itself
   */
  final void answerFaults(IommuDevice device, Pasid pasid) {
    if (fault != null) {
      fault.answerAll(
          group ->
              group.device() == device
                  && group.attachedPasid().equals(pasid)
                  && group.domain() == domain());
    }
  }

  /** It goes: the queue is free of it. */
  final void dropFault() {
    if (fault != null) {
      domain().setIopfHandler(null);
      fault.letGo(name());
    }
  }
}
