package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.iommu.IommuGroup;
import org.jspecify.annotations.Nullable;

/** What a context has attached an IOMMU group to ({@code struct iommufd_group}). */
final class IommufdGroup {

  /** The attachment of one PASID; 0 stands for requests without PASID. */
  static final class Attachment {
    private HwPagetable hwpt;
    private final List<IommufdDevice> devices = new ArrayList<>();

    Attachment(HwPagetable hwpt) {
      this.hwpt = hwpt;
    }

    HwPagetable hwpt() {
      return hwpt;
    }

    void setHwpt(HwPagetable other) {
      hwpt = other;
    }

    List<IommufdDevice> devices() {
      return devices;
    }
  }

  private final IommuGroup group;
  private final TreeMap<Pasid, Attachment> attachments = new TreeMap<>();

  IommufdGroup(IommuGroup group) {
    this.group = group;
  }

  IommuGroup group() {
    return group;
  }

  @Nullable Attachment attachment(Pasid pasid) {
    return attachments.get(pasid);
  }

  TreeMap<Pasid, Attachment> attachments() {
    return attachments;
  }
}
