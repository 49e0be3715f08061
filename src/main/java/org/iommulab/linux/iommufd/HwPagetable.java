package org.iommulab.linux.iommufd;

import org.iommulab.linux.iommu.IommuDomain;

/** Something a device can be attached to: a domain with an id. */
abstract class HwPagetable extends IommufdObject {

  HwPagetable(IommufdContext context, int id) {
    super(context, id);
  }

  /** The domain behind it. */
  abstract IommuDomain domain();

  /** The paging HWPT that decides about IOVAs: itself, or the parent. */
  abstract HwptPaging paging();

  /** May be used by PASIDs. */
  abstract boolean pasidCompatible();
}
