package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.iommu.PagingDomain;

/** A domain of a container and the groups attached to it ({@code struct vfio_domain}). */
record Type1Domain(PagingDomain domain, boolean coherent, List<VfioGroup> groups) {

  Type1Domain(PagingDomain domain, boolean coherent) {
    this(domain, coherent, new ArrayList<>());
  }
}
