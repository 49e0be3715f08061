package org.iommulab.linux.uapi;

import java.util.List;
import java.util.Optional;

/** Structures that are read from or written to a file descriptor, or passed behind a pointer. */
public final class UapiRecords {

  /** What a fault queue's descriptor gives for each page request. */
  public static final UapiStruct PGFAULT =
      UapiStruct.record(
          "iommu_hwpt_pgfault",
          40,
          "flags:4 dev_id:4 pasid:4 grpid:4 perm:4 __reserved:4 addr:8 length:4 cookie:4");

  /** What answers a group of page requests. */
  public static final UapiStruct PAGE_RESPONSE =
      UapiStruct.record("iommu_hwpt_page_response", 8, "cookie:4 code:4");

  /** What leads each event of a virtual event queue. */
  public static final UapiStruct VEVENT_HEADER =
      UapiStruct.record("iommufd_vevent_header", 8, "flags:4 sequence:4");

  /** An event of the mock IOMMU, behind its header. */
  public static final UapiStruct VEVENT_SELFTEST =
      UapiStruct.record("iommu_viommu_event_selftest", 4, "virt_id:4");

  /** What a nested HWPT of the mock IOMMU is made with. */
  public static final UapiStruct HWPT_SELFTEST =
      UapiStruct.record("iommu_hwpt_selftest", 4, "iotlb:4");

  /** One invalidation of a nested HWPT of the mock IOMMU. */
  public static final UapiStruct HWPT_INVALIDATE_SELFTEST =
      UapiStruct.record("iommu_hwpt_invalidate_selftest", 8, "flags:4 iotlb_id:4");

  /** One invalidation of a virtual IOMMU of the mock. */
  public static final UapiStruct VIOMMU_INVALIDATE_SELFTEST =
      UapiStruct.record("iommu_viommu_invalidate_selftest", 12, "flags:4 vdev_id:4 cache_id:4");

  /** What a virtual IOMMU of the mock is made with, and what it tells. */
  public static final UapiStruct VIOMMU_SELFTEST =
      UapiStruct.record(
          "iommu_viommu_selftest", 24, "in_data:4 out_data:4 out_mmap_offset:8 out_mmap_length:8");

  /** What the mock tells about its hardware. */
  public static final UapiStruct TEST_HW_INFO =
      UapiStruct.record("iommu_test_hw_info", 8, "flags:4 test_reg:4");

  /** One range of IOVAs, both ends inside. */
  public static final UapiStruct IOVA_RANGE =
      UapiStruct.record("iommu_iova_range", 16, "start:8 last:8");

  /** What VT-d tells about its hardware. */
  public static final UapiStruct HW_INFO_VTD =
      UapiStruct.record("iommu_hw_info_vtd", 24, "flags:4 __reserved:4 cap_reg:8 ecap_reg:8");

  /** What a nested HWPT of VT-d is made with. */
  public static final UapiStruct HWPT_VTD_S1 =
      UapiStruct.record("iommu_hwpt_vtd_s1", 24, "flags:8 pgtbl_addr:8 addr_width:4 __reserved:4");

  /** One invalidation of a nested HWPT of VT-d. */
  public static final UapiStruct HWPT_VTD_S1_INVALIDATE =
      UapiStruct.record("iommu_hwpt_vtd_s1_invalidate", 24, "addr:8 npages:8 flags:4 __reserved:4");

  /** What VFIO tells about a container. */
  public static final UapiStruct TYPE1_INFO =
      UapiStruct.record(
          "vfio_iommu_type1_info", 24, "argsz:4 flags:4 iova_pgsizes:8 cap_offset:4 pad:4");

  /** What leads each capability in VFIO's answers. */
  public static final UapiStruct CAP_HEADER =
      UapiStruct.record("vfio_info_cap_header", 8, "id:2 version:2 next:4");

  /** Behind the header of VFIO's capability 3: mappings that are still possible, padded to 8. */
  public static final UapiStruct DMA_AVAIL =
      UapiStruct.record("vfio_iommu_type1_info_dma_avail", 8, "avail:4 pad:4");

  /** Behind the header of VFIO's capability 1: how many ranges follow. */
  public static final UapiStruct IOVA_RANGES =
      UapiStruct.record("vfio_iommu_type1_info_cap_iova_range", 8, "nr_iovas:4 reserved:4");

  private static final List<UapiStruct> ALL =
      List.of(
          TYPE1_INFO,
          CAP_HEADER,
          DMA_AVAIL,
          IOVA_RANGES,
          PGFAULT,
          PAGE_RESPONSE,
          VEVENT_HEADER,
          VEVENT_SELFTEST,
          HWPT_SELFTEST,
          HWPT_INVALIDATE_SELFTEST,
          VIOMMU_INVALIDATE_SELFTEST,
          VIOMMU_SELFTEST,
          TEST_HW_INFO,
          IOVA_RANGE,
          HW_INFO_VTD,
          HWPT_VTD_S1,
          HWPT_VTD_S1_INVALIDATE);

  private UapiRecords() {}

  /** All of them. */
  public static List<UapiStruct> all() {
    return ALL;
  }

  /** The structure of that name, such as {@code iommu_hwpt_pgfault}. */
  public static Optional<UapiStruct> named(String name) {
    return ALL.stream().filter(record -> record.name().equals(name)).findFirst();
  }
}
