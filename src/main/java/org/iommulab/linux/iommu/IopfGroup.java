package org.iommulab.linux.iommu;

import java.util.List;
import org.iommulab.bus.Pasid;

/** Page requests that one answer ends ({@code struct iopf_group}). */
public final class IopfGroup {

  private final IommuDevice device;
  private final IommuDomain domain;
  private final Pasid attachedPasid;
  private final List<FaultPageRequest> requests;
  private boolean answered;

  IopfGroup(
      IommuDevice device,
      IommuDomain domain,
      Pasid attachedPasid,
      List<FaultPageRequest> requests) {
    this.device = device;
    this.domain = domain;
    this.attachedPasid = attachedPasid;
    this.requests = List.copyOf(requests);
  }

  /** The device that asks. */
  public IommuDevice device() {
    return device;
  }

  /** The domain whose handler got it. */
  public IommuDomain domain() {
    return domain;
  }

  /** The PASID that the domain is attached to, 0 if to the device itself. */
  public Pasid attachedPasid() {
    return attachedPasid;
  }

  /** The requests in the order they came; the last one has {@link FaultPageRequest#last}. */
  public List<FaultPageRequest> requests() {
    return requests;
  }

  /** The request that ended the group. */
  public FaultPageRequest last() {
    return requests.getLast();
  }

  /** {@code iopf_group_response()}: answers the device, once. */
  public void respond(PageResponse code) {
    if (answered) {
      throw new IllegalStateException("page request group " + last().groupId() + " answered twice");
    }
    answered = true;
    device.ops().pageResponse(device, last(), code);
  }
}
