package org.iommulab.linux.intel;

import java.util.HashMap;
import java.util.Map;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;

/**
 * Blocking as up to Linux 6.1: the driver has no domain for it, so the core attaches an empty one
 * of the group, which stays for the next time. Since then the context or PASID entry is cleared.
 */
final class BlockingTables {

  private final IommuSubsystem subsystem;
  private final Map<IommuGroup, PagingDomain> empty = new HashMap<>();

  BlockingTables(IommuSubsystem subsystem) {
    this.subsystem = subsystem;
  }

  /** Groups that have such a table. */
  int size() {
    return empty.size();
  }

  /** Attaches a device to the empty tables of its group. */
  Status attach(IommuDevice device) {
    PagingDomain domain = empty.get(device.group());
    if (domain == null) {
      IommuOps.Allocated<PagingDomain> made =
          subsystem.alloc(device, DomainType.UNMANAGED, 0, "blocked group");
      domain = made.domain();
      if (domain == null) {
        return made.status();
      }
      empty.put(device.group(), domain);
    }
    return device.ops().attach(device, domain);
  }
}
