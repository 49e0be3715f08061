package org.iommulab.linux.uapi;

/** Flags and small numbers in the structures of {@link Uapi}: linux/vfio.h and linux/iommufd.h. */
public final class UapiFlags {

  // ---- VFIO_CHECK_EXTENSION and VFIO_SET_IOMMU --------------------------------------------------

  /** {@code VFIO_TYPE1_IOMMU}. */
  public static final int TYPE1_IOMMU = 1;

  /** {@code VFIO_TYPE1v2_IOMMU}: an unmap does not cut a mapping. */
  public static final int TYPE1V2_IOMMU = 3;

  /** {@code VFIO_DMA_CC_IOMMU}: DMA is cache coherent. */
  public static final int DMA_CC_IOMMU = 4;

  /** {@code VFIO_TYPE1_NESTING_IOMMU}. */
  public static final int TYPE1_NESTING_IOMMU = 6;

  /** {@code VFIO_UNMAP_ALL}. */
  public static final int UNMAP_ALL = 9;

  /** {@code VFIO_UPDATE_VADDR}. */
  public static final int UPDATE_VADDR = 10;

  // ---- VFIO_IOMMU_MAP_DMA -----------------------------------------------------------------------

  /** {@code VFIO_DMA_MAP_FLAG_READ}: devices may read. */
  public static final int DMA_MAP_READ = 1;

  /** {@code VFIO_DMA_MAP_FLAG_WRITE}: devices may write. */
  public static final int DMA_MAP_WRITE = 2;

  /** {@code VFIO_DMA_MAP_FLAG_VADDR}: gives a suspended mapping its user address back. */
  public static final int DMA_MAP_VADDR = 4;

  // ---- VFIO_IOMMU_UNMAP_DMA ---------------------------------------------------------------------

  /** {@code VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP}. */
  public static final int DMA_UNMAP_DIRTY_BITMAP = 1;

  /** {@code VFIO_DMA_UNMAP_FLAG_ALL}: the whole space. */
  public static final int DMA_UNMAP_ALL = 2;

  /** {@code VFIO_DMA_UNMAP_FLAG_VADDR}: takes user addresses away, mappings stay. */
  public static final int DMA_UNMAP_VADDR = 4;

  // ---- VFIO_IOMMU_DIRTY_PAGES -------------------------------------------------------------------

  /** {@code VFIO_IOMMU_DIRTY_PAGES_FLAG_START}. */
  public static final int DIRTY_PAGES_START = 1;

  /** {@code VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP}. */
  public static final int DIRTY_PAGES_STOP = 2;

  /** {@code VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP}. */
  public static final int DIRTY_PAGES_GET_BITMAP = 4;

  // ---- VFIO_IOMMU_GET_INFO ----------------------------------------------------------------------

  /** {@code VFIO_IOMMU_INFO_PGSIZES}: page sizes are told. */
  public static final int INFO_PGSIZES = 1;

  /** {@code VFIO_IOMMU_INFO_CAPS}: capabilities follow. */
  public static final int INFO_CAPS = 2;

  /** {@code VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE}. */
  public static final int INFO_CAP_IOVA_RANGE = 1;

  /** {@code VFIO_IOMMU_TYPE1_INFO_CAP_MIGRATION}. */
  public static final int INFO_CAP_MIGRATION = 2;

  /** {@code VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL}. */
  public static final int INFO_DMA_AVAIL = 3;

  // ---- VFIO's groups and devices ----------------------------------------------------------------

  /** {@code VFIO_GROUP_FLAGS_VIABLE}. */
  public static final int GROUP_VIABLE = 1;

  /** {@code VFIO_GROUP_FLAGS_CONTAINER_SET}. */
  public static final int GROUP_CONTAINER_SET = 2;

  /** {@code VFIO_DEVICE_FLAGS_RESET}: the device can be reset. */
  public static final int DEVICE_RESET = 1;

  /** {@code VFIO_DEVICE_FLAGS_PCI}. */
  public static final int DEVICE_PCI = 2;

  /** {@code VFIO_REGION_INFO_FLAG_READ}. */
  public static final int REGION_READ = 1;

  /** {@code VFIO_REGION_INFO_FLAG_WRITE}. */
  public static final int REGION_WRITE = 2;

  /** {@code VFIO_REGION_INFO_FLAG_MMAP}. */
  public static final int REGION_MMAP = 4;

  /** {@code VFIO_DEVICE_BIND_FLAG_TOKEN}. */
  public static final int BIND_TOKEN = 1;

  /** {@code VFIO_DEVICE_ATTACH_PASID} and {@code VFIO_DEVICE_DETACH_PASID}. */
  public static final int ATTACH_PASID = 1;

  // ---- VFIO_DEVICE_GET_IRQ_INFO and VFIO_DEVICE_SET_IRQS ----------------------------------------

  /** {@code VFIO_IRQ_INFO_EVENTFD}. */
  public static final int IRQ_INFO_EVENTFD = 1;

  /** {@code VFIO_IRQ_INFO_MASKABLE}. */
  public static final int IRQ_INFO_MASKABLE = 2;

  /** {@code VFIO_IRQ_INFO_AUTOMASKED}. */
  public static final int IRQ_INFO_AUTOMASKED = 4;

  /** {@code VFIO_IRQ_INFO_NORESIZE}. */
  public static final int IRQ_INFO_NORESIZE = 8;

  /** {@code VFIO_IRQ_SET_DATA_NONE}. */
  public static final int IRQ_DATA_NONE = 1;

  /** {@code VFIO_IRQ_SET_DATA_BOOL}. */
  public static final int IRQ_DATA_BOOL = 2;

  /** {@code VFIO_IRQ_SET_DATA_EVENTFD}. */
  public static final int IRQ_DATA_EVENTFD = 4;

  /** {@code VFIO_IRQ_SET_ACTION_MASK}. */
  public static final int IRQ_ACTION_MASK = 8;

  /** {@code VFIO_IRQ_SET_ACTION_UNMASK}. */
  public static final int IRQ_ACTION_UNMASK = 16;

  /** {@code VFIO_IRQ_SET_ACTION_TRIGGER}. */
  public static final int IRQ_ACTION_TRIGGER = 32;

  // ---- VFIO_DEVICE_FEATURE ----------------------------------------------------------------------

  /** {@code VFIO_DEVICE_FEATURE_MASK}: which feature. */
  public static final int FEATURE_NUMBER = 0xFFFF;

  /** {@code VFIO_DEVICE_FEATURE_GET}. */
  public static final int FEATURE_GET = 1 << 16;

  /** {@code VFIO_DEVICE_FEATURE_SET}. */
  public static final int FEATURE_SET = 1 << 17;

  /** {@code VFIO_DEVICE_FEATURE_PROBE}. */
  public static final int FEATURE_PROBE = 1 << 18;

  /** {@code VFIO_DEVICE_FEATURE_PCI_VF_TOKEN}. */
  public static final int FEATURE_VF_TOKEN = 0;

  /** {@code VFIO_DEVICE_FEATURE_DMA_BUF}. */
  public static final int FEATURE_DMA_BUF = 11;

  // ---- IOMMU_IOAS_MAP ---------------------------------------------------------------------------

  /** {@code IOMMU_IOAS_MAP_FIXED_IOVA}: the caller chooses the IOVA. */
  public static final int IOAS_MAP_FIXED_IOVA = 1;

  /** {@code IOMMU_IOAS_MAP_WRITEABLE}. */
  public static final int IOAS_MAP_WRITEABLE = 2;

  /** {@code IOMMU_IOAS_MAP_READABLE}. */
  public static final int IOAS_MAP_READABLE = 4;

  // ---- IOMMU_HWPT_ALLOC and the dirty pages of what it makes ------------------------------------

  /** {@code IOMMU_HWPT_ALLOC_NEST_PARENT}. */
  public static final int HWPT_ALLOC_NEST_PARENT = 1;

  /** {@code IOMMU_HWPT_ALLOC_DIRTY_TRACKING}. */
  public static final int HWPT_ALLOC_DIRTY_TRACKING = 2;

  /** {@code IOMMU_HWPT_FAULT_ID_VALID}. */
  public static final int HWPT_FAULT_ID_VALID = 4;

  /** {@code IOMMU_HWPT_ALLOC_PASID}. */
  public static final int HWPT_ALLOC_PASID = 8;

  /** {@code IOMMU_HWPT_DIRTY_TRACKING_ENABLE}. */
  public static final int HWPT_DIRTY_TRACKING_ENABLE = 1;

  /** {@code IOMMU_HWPT_GET_DIRTY_BITMAP_NO_CLEAR}. */
  public static final int HWPT_GET_DIRTY_BITMAP_NO_CLEAR = 1;

  // ---- page faults of an IOMMU_FAULT_QUEUE_ALLOC ----------------------------------------------

  /** {@code IOMMU_PGFAULT_FLAGS_PASID_VALID}. */
  public static final int PGFAULT_PASID_VALID = 1;

  /** {@code IOMMU_PGFAULT_FLAGS_LAST_PAGE}. */
  public static final int PGFAULT_LAST_PAGE = 2;

  // ---- IOMMU_OPTION -----------------------------------------------------------------------------

  /** {@code IOMMU_OPTION_RLIMIT_MODE}. */
  public static final int OPTION_RLIMIT_MODE = 0;

  /** {@code IOMMU_OPTION_HUGE_PAGES}. */
  public static final int OPTION_HUGE_PAGES = 1;

  /** {@code IOMMU_OPTION_OP_SET}. */
  public static final int OPTION_OP_SET = 0;

  /** {@code IOMMU_OPTION_OP_GET}. */
  public static final int OPTION_OP_GET = 1;

  // ---- IOMMU_VFIO_IOAS --------------------------------------------------------------------------

  /** {@code IOMMU_VFIO_IOAS_GET}. */
  public static final int VFIO_IOAS_GET = 0;

  /** {@code IOMMU_VFIO_IOAS_SET}. */
  public static final int VFIO_IOAS_SET = 1;

  /** {@code IOMMU_VFIO_IOAS_CLEAR}. */
  public static final int VFIO_IOAS_CLEAR = 2;

  private UapiFlags() {}
}
