package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.jspecify.annotations.Nullable;

/** A domain whose table the user writes, behind a parent ({@code struct iommufd_hwpt_nested}). */
final class HwptNested extends HwPagetable {

  private final HwptPaging parent;
  private final IommuDomain domain;
  private final int flags;
  private final IommufdObject holds;

  /**
   * @param viommu what it was made on, or null if on the parent itself
   */
  HwptNested(
      IommufdContext context,
      int id,
      HwptPaging parent,
      @Nullable Viommu viommu,
      IommuDomain domain,
      int flags) {
    super(context, id);
    this.parent = parent;
    this.domain = domain;
    this.flags = flags;
    this.holds = viommu == null ? parent : viommu;
    holds.hold(name());
    domain.setOwner("iommufd hwpt " + id);
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
    dropFault();
    context().iommu().free(domain);
    holds.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of("parent: " + holds.name(), "domain: " + domain.id());
  }
}
