package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;

/** A domain that shows an IOAS to devices ({@code struct iommufd_hwpt_paging}). */
final class HwptPaging extends HwPagetable {

  private final Ioas ioas;
  private final IommuDomain domain;
  private final int flags;
  private final boolean auto;
  private final boolean coherent;
  private boolean linked;

  /**
   * @param flags as given to HWPT_ALLOC
   * @param auto made by attaching a device to an IOAS, and destroyed with the last attachment
   * @param coherent DMA through it snoops caches
   */
  HwptPaging(
      IommufdContext context,
      int id,
      Ioas ioas,
      IommuDomain domain,
      int flags,
      boolean auto,
      boolean coherent) {
    super(context, id);
    this.ioas = ioas;
    this.domain = domain;
    this.flags = flags;
    this.auto = auto;
    this.coherent = coherent;
    ioas.hold(name());
  }

  Ioas ioas() {
    return ioas;
  }

  @Override
  IommuDomain domain() {
    return domain;
  }

  @Override
  HwptPaging paging() {
    return this;
  }

  boolean auto() {
    return auto;
  }

  boolean coherent() {
    return coherent;
  }

  boolean nestParent() {
    return (flags & IommuOps.NEST_PARENT) != 0;
  }

  boolean dirtyTracking() {
    return (flags & IommuOps.DIRTY_TRACKING) != 0;
  }

  @Override
  boolean pasidCompatible() {
    return (flags & IommuOps.PASID) != 0;
  }

  /** The domain is in the IOAS's list. */
  void setLinked() {
    linked = true;
    ioas.hwpts().add(this);
  }

  @Override
  String type() {
    return "HWPT_PAGING";
  }

  @Override
  void destroy() {
    dropFault();
    if (linked) {
      ioas.hwpts().remove(this);
      ioas.table().removeDomain(domain);
    }
    context().iommu().free(domain);
    ioas.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of(
        "ioas: " + ioas.id(),
        "domain: " + domain.id(),
        "auto: " + (auto ? "yes" : "no"),
        "enforces coherency: " + (coherent ? "yes" : "no"));
  }
}
