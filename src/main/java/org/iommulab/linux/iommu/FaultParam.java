package org.iommulab.linux.iommu;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** Page requests of one device on their way to a handler ({@code struct iommu_fault_param}). */
final class FaultParam {

  private final IommuDevice device;
  private final List<PageRequest> partial = new ArrayList<>();

  FaultParam(IommuDevice device) {
    this.device = device;
  }

  /** {@code iommu_report_device_fault()}: partial requests wait for the last of their group. */
  Status report(PageRequest request) {
    if (!request.last()) {
      partial.add(request);
      return Status.OK;
    }
    IommuDomain domain = handling(request);
    IopfHandler handler = domain == null ? null : domain.iopfHandler();
    if (domain == null || handler == null) {
      device.ops().pageResponse(device, request, PageResponse.INVALID);
      return Status.fail(Errno.EINVAL, "no handler takes page requests of " + device);
    }
    var requests = new ArrayList<PageRequest>();
    for (PageRequest earlier : partial) {
      if (earlier.groupId() == request.groupId()) {
        requests.add(earlier);
      }
    }
    partial.removeAll(requests);
    requests.add(request);
    var group = new IopfGroup(device, domain, requests);
    Status status = handler.handle(group);
    if (status.failed()) {
      group.respond(PageResponse.INVALID);
    }
    return status;
  }

  /** {@code find_fault_handler()}: the PASID's domain, else that of a user's own PASID table. */
  private @Nullable IommuDomain handling(PageRequest request) {
    IommuGroup group = device.group();
    if (!request.hasPasid()) {
      return group.domain();
    }
    IommuDomain domain = group.pasidDomain(request.pasid());
    return domain == null && device.ops().userPasidTable() ? group.domain() : domain;
  }

  /** Forgets partial groups: the device stops asking. */
  void drop() {
    partial.clear();
  }
}
