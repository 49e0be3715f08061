package org.iommulab.linux.iommu;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** Page requests of one device on their way to a handler ({@code struct iommu_fault_param}). */
final class FaultParam {

  private final IommuDevice device;
  private final KernelParts parts;
  private final List<FaultPageRequest> partial = new ArrayList<>();

  FaultParam(IommuDevice device, KernelParts parts) {
    this.device = device;
    this.parts = parts;
  }

  /** {@code iommu_report_device_fault()}: partial requests wait for the last of their group. */
  Status report(FaultPageRequest request) {
    if (!request.last()) {
      Status memory = parts.allocate("struct iopf_fault");
      if (!memory.failed()) {
        partial.add(request);
      }
      return memory;
    }
    IommuDomain own = request.hasPasid() ? device.group().pasidDomain(request.pasid()) : null;
    IommuDomain domain = own != null ? own : deviceDomain(request);
    IopfHandler handler = domain == null ? null : domain.iopfHandler();
    if (domain == null || handler == null) {
      device.ops().pageResponse(device, request, PageResponse.INVALID);
      return Status.fail(Errno.EINVAL, "no handler takes page requests of " + device);
    }
    var requests = new ArrayList<FaultPageRequest>();
    for (FaultPageRequest earlier : partial) {
      if (earlier.groupId() == request.groupId()) {
        requests.add(earlier);
      }
    }
    partial.removeAll(requests);
    Status memory = parts.allocate("struct iopf_group");
    if (memory.failed()) {
      device.ops().pageResponse(device, request, PageResponse.FAILURE);
      return memory;
    }
    requests.add(request);
    var group =
        new IopfGroup(device, domain, own != null ? request.pasid() : Pasid.OF_REQUESTER, requests);
    Status status = handler.handle(group);
    if (status.failed()) {
      group.respond(PageResponse.INVALID);
    }
    return status;
  }

  /** A PASID that is attached to nothing may be one of the user's own PASID table. */
  private @Nullable IommuDomain deviceDomain(FaultPageRequest request) {
    boolean reachesDevice = !request.hasPasid() || device.ops().userPasidTable();
    return reachesDevice ? device.group().domain() : null;
  }

  /** Forgets partial groups: the device stops asking. */
  void drop() {
    partial.clear();
  }
}
