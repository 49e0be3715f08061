package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/** What a driver may ask of the virtual IOMMU it serves ({@code struct iommufd_viommu}). */
public interface ViommuCore {

  /** {@code iommufd_viommu_find_dev()}: the device behind a virtual id, or null. */
  @Nullable IommuDevice findDevice(long virtId);

  /**
   * {@code iommufd_viommu_alloc_mmap()}: from now on the user can map physical memory of the driver
   * by the iommufd; he loses that with the virtual IOMMU.
   *
   * @param physical whole pages
   * @return the offset to map them at
   */
  long allocMmap(AddressRange physical);

  /** {@code iommufd_viommu_get_vdev_id()}: the virtual id of a device, or null. */
  @Nullable Long virtId(IommuDevice device);

  /**
   * {@code iommufd_viommu_report_event()}: queues an event for the user.
   *
   * @return EOPNOTSUPP if the user has no queue of that type
   */
  Status reportEvent(int type, byte[] event);
}
