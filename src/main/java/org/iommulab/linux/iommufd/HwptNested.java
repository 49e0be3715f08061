package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;

/** A domain whose table the user writes, behind a parent ({@code struct iommufd_hwpt_nested}). */
final class HwptNested extends HwPagetable {

  private final HwptPaging parent;
  private final IommuDomain domain;
  private final int flags;

  HwptNested(IommufdContext context, int id, HwptPaging parent, IommuDomain domain, int flags) {
    super(context, id);
    this.parent = parent;
    this.domain = domain;
    this.flags = flags;
    parent.hold(name());
  }

  @Override
  IommuDomain domain() {
    return domain;
  }

  @Override
  HwptPaging paging() {
    return parent;
  }

  @Override
  boolean pasidCompatible() {
    return (flags & IommuOps.PASID) != 0;
  }

  @Override
  String type() {
    return "HWPT_NESTED";
  }

  @Override
  void destroy() {
    context().iommu().free(domain);
    parent.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of("parent: " + parent.id(), "domain: " + domain.id());
  }
}
