package org.iommulab.linux.intel;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * Pass-through for units that have none (ECAP.PT=0), up to Linux 6.8: one domain for all devices
 * whose tables map the whole memory one to one ({@code si_domain}).
 */
final class SoftwareIdentity {

  private final KernelParts parts;
  private final IommuSubsystem subsystem;
  private @Nullable PagingDomain domain;

  SoftwareIdentity(KernelParts parts, IommuSubsystem subsystem) {
    this.parts = parts;
    this.subsystem = subsystem;
  }

  /** Attaches a device to the domain; the first one has it made. */
  Status attach(IommuDevice device) {
    PagingDomain identity = domain;
    if (identity == null) {
      if (parts.trace().isOn()) {
        parts.trace().enter("si_domain_init").number("hw", 0);
      }
      IommuOps.Allocated<PagingDomain> made =
          subsystem.alloc(device, DomainType.IDENTITY, 0, "software identity");
      identity = made.domain();
      Status status = identity == null ? made.status() : mapMemory(identity);
      parts.leave(status);
      if (identity == null || status.failed()) {
        return status;
      }
      domain = identity;
    }
    return device.ops().attach(device, identity);
  }

  private Status mapMemory(PagingDomain identity) {
    for (AddressRange range : parts.memory().ram()) {
      Status status =
          subsystem
              .api()
              .map(
                  identity,
                  range.start(),
                  range.start(),
                  range.size(),
                  Protection.READ | Protection.WRITE);
      if (status.failed()) {
        subsystem.free(identity);
        return status;
      }
    }
    return Status.OK;
  }
}
