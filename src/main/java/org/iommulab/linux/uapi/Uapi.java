package org.iommulab.linux.uapi;

import static org.iommulab.linux.uapi.UapiStruct.none;
import static org.iommulab.linux.uapi.UapiStruct.struct;
import static org.iommulab.linux.uapi.UapiStruct.text;
import static org.iommulab.linux.uapi.UapiStruct.value;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every ioctl command a process can issue here: {@code linux/iommufd.h} and {@code linux/vfio.h},
 * and {@link SelftestUapi}.
 */
public final class Uapi {

  /** What all their numbers have in bits 15:8 ({@code VFIO_TYPE}, {@code IOMMUFD_TYPE}). */
  public static final int TYPE = 0x3B;

  // ---- iommufd ---------------------------------------------------------------------------------

  public static final UapiStruct IOMMU_DESTROY =
      struct("IOMMU_DESTROY", 0x3B80, 8, 8, "size:4 id:4");
  public static final UapiStruct IOMMU_IOAS_ALLOC =
      struct("IOMMU_IOAS_ALLOC", 0x3B81, 12, 12, "size:4 flags:4 >out_ioas_id:4");
  public static final UapiStruct IOMMU_IOAS_ALLOW_IOVAS =
      struct(
          "IOMMU_IOAS_ALLOW_IOVAS",
          0x3B82,
          24,
          24,
          "size:4 ioas_id:4 num_iovas:4 __reserved:4 allowed_iovas:8");
  public static final UapiStruct IOMMU_IOAS_COPY =
      struct(
          "IOMMU_IOAS_COPY",
          0x3B83,
          40,
          40,
          "size:4 flags:4 dst_ioas_id:4 src_ioas_id:4 length:8 >dst_iova:8 src_iova:8");
  public static final UapiStruct IOMMU_IOAS_IOVA_RANGES =
      struct(
          "IOMMU_IOAS_IOVA_RANGES",
          0x3B84,
          32,
          32,
          "size:4 ioas_id:4 >num_iovas:4 __reserved:4 allowed_iovas:8 >out_iova_alignment:8");
  public static final UapiStruct IOMMU_IOAS_MAP =
      struct(
          "IOMMU_IOAS_MAP",
          0x3B85,
          40,
          40,
          "size:4 flags:4 ioas_id:4 __reserved:4 user_va:8 length:8 >iova:8");
  public static final UapiStruct IOMMU_IOAS_UNMAP =
      struct("IOMMU_IOAS_UNMAP", 0x3B86, 24, 24, "size:4 ioas_id:4 iova:8 >length:8");
  public static final UapiStruct IOMMU_OPTION =
      struct(
          "IOMMU_OPTION",
          0x3B87,
          24,
          24,
          "size:4 option_id:4 op:2 __reserved:2 object_id:4 >val64:8");
  public static final UapiStruct IOMMU_VFIO_IOAS =
      struct("IOMMU_VFIO_IOAS", 0x3B88, 12, 12, "size:4 >ioas_id:4 op:2 __reserved:2");
  public static final UapiStruct IOMMU_HWPT_ALLOC =
      struct(
          "IOMMU_HWPT_ALLOC",
          0x3B89,
          24,
          48,
          "size:4 flags:4 dev_id:4 pt_id:4 >out_hwpt_id:4 __reserved:4 data_type:4 data_len:4"
              + " data_uptr:8 fault_id:4 __reserved2:4");
  public static final UapiStruct IOMMU_GET_HW_INFO =
      struct(
          "IOMMU_GET_HW_INFO",
          0x3B8A,
          32,
          40,
          "size:4 flags:4 dev_id:4 >data_len:4 data_uptr:8 in_data_type:4 >out_data_type:4@24"
              + " >out_max_pasid_log2:1@28 __reserved:1@29 >out_capabilities:8@32");
  public static final UapiStruct IOMMU_HWPT_SET_DIRTY_TRACKING =
      struct(
          "IOMMU_HWPT_SET_DIRTY_TRACKING", 0x3B8B, 16, 16, "size:4 flags:4 hwpt_id:4 __reserved:4");
  public static final UapiStruct IOMMU_HWPT_GET_DIRTY_BITMAP =
      struct(
          "IOMMU_HWPT_GET_DIRTY_BITMAP",
          0x3B8C,
          48,
          48,
          "size:4 hwpt_id:4 flags:4 __reserved:4 iova:8 length:8 page_size:8 data:8");
  public static final UapiStruct IOMMU_HWPT_INVALIDATE =
      struct(
          "IOMMU_HWPT_INVALIDATE",
          0x3B8D,
          32,
          32,
          "size:4 hwpt_id:4 data_uptr:8 data_type:4 entry_len:4 >entry_num:4 __reserved:4");
  public static final UapiStruct IOMMU_FAULT_QUEUE_ALLOC =
      struct(
          "IOMMU_FAULT_QUEUE_ALLOC",
          0x3B8E,
          16,
          16,
          "size:4 flags:4 >out_fault_id:4 >out_fault_fd:4");
  public static final UapiStruct IOMMU_IOAS_MAP_FILE =
      struct(
          "IOMMU_IOAS_MAP_FILE",
          0x3B8F,
          40,
          40,
          "size:4 flags:4 ioas_id:4 fd:-4 start:8 length:8 >iova:8");
  public static final UapiStruct IOMMU_VIOMMU_ALLOC =
      struct(
          "IOMMU_VIOMMU_ALLOC",
          0x3B90,
          24,
          40,
          "size:4 flags:4 type:4 dev_id:4 hwpt_id:4 >out_viommu_id:4 data_len:4 __reserved:4"
              + " data_uptr:8");
  public static final UapiStruct IOMMU_VDEVICE_ALLOC =
      struct(
          "IOMMU_VDEVICE_ALLOC",
          0x3B91,
          24,
          24,
          "size:4 viommu_id:4 dev_id:4 >out_vdevice_id:4 virt_id:8");
  public static final UapiStruct IOMMU_IOAS_CHANGE_PROCESS =
      struct("IOMMU_IOAS_CHANGE_PROCESS", 0x3B92, 8, 8, "size:4 __reserved:4");
  public static final UapiStruct IOMMU_VEVENTQ_ALLOC =
      struct(
          "IOMMU_VEVENTQ_ALLOC",
          0x3B93,
          28,
          32,
          "size:4 flags:4 viommu_id:4 type:4 veventq_depth:4 >out_veventq_id:4 >out_veventq_fd:4"
              + " __reserved:4");
  public static final UapiStruct IOMMU_HW_QUEUE_ALLOC =
      struct(
          "IOMMU_HW_QUEUE_ALLOC",
          0x3B94,
          40,
          40,
          "size:4 flags:4 viommu_id:4 type:4 index:4 >out_hw_queue_id:4 nesting_parent_iova:8"
              + " length:8");

  // ---- VFIO container --------------------------------------------------------------------------

  public static final UapiStruct VFIO_GET_API_VERSION = none("VFIO_GET_API_VERSION", 0x3B64);
  public static final UapiStruct VFIO_CHECK_EXTENSION =
      value("VFIO_CHECK_EXTENSION", 0x3B65, "extension");
  public static final UapiStruct VFIO_SET_IOMMU = value("VFIO_SET_IOMMU", 0x3B66, "type");
  public static final UapiStruct VFIO_IOMMU_GET_INFO =
      struct(
          "VFIO_IOMMU_GET_INFO",
          0x3B70,
          16,
          24,
          ">argsz:4 >flags:4 >iova_pgsizes:8 >cap_offset:4 pad:4");
  public static final UapiStruct VFIO_IOMMU_MAP_DMA =
      struct("VFIO_IOMMU_MAP_DMA", 0x3B71, 32, 32, "argsz:4 flags:4 vaddr:8 iova:8 size:8");
  public static final UapiStruct VFIO_IOMMU_UNMAP_DMA =
      struct("VFIO_IOMMU_UNMAP_DMA", 0x3B72, 24, 24, "argsz:4 flags:4 iova:8 >size:8");
  public static final UapiStruct VFIO_IOMMU_ENABLE = none("VFIO_IOMMU_ENABLE", 0x3B73);
  public static final UapiStruct VFIO_IOMMU_DISABLE = none("VFIO_IOMMU_DISABLE", 0x3B74);
  public static final UapiStruct VFIO_IOMMU_DIRTY_PAGES =
      struct(
          "VFIO_IOMMU_DIRTY_PAGES",
          0x3B75,
          8,
          48,
          "argsz:4 flags:4 iova:8 size:8 pgsize:8 bitmap_size:8 data:8");

  // ---- VFIO group and device -------------------------------------------------------------------

  public static final UapiStruct VFIO_GROUP_GET_STATUS =
      struct("VFIO_GROUP_GET_STATUS", 0x3B67, 8, 8, "argsz:4 >flags:4");
  public static final UapiStruct VFIO_GROUP_SET_CONTAINER =
      struct("VFIO_GROUP_SET_CONTAINER", 0x3B68, 4, 4, "container:-4");
  public static final UapiStruct VFIO_GROUP_UNSET_CONTAINER =
      none("VFIO_GROUP_UNSET_CONTAINER", 0x3B69);
  public static final UapiStruct VFIO_GROUP_GET_DEVICE_FD =
      text("VFIO_GROUP_GET_DEVICE_FD", 0x3B6A, "name");
  public static final UapiStruct VFIO_DEVICE_GET_INFO =
      struct(
          "VFIO_DEVICE_GET_INFO",
          0x3B6B,
          16,
          24,
          ">argsz:4 >flags:4 >num_regions:4 >num_irqs:4 >cap_offset:4 pad:4");
  public static final UapiStruct VFIO_DEVICE_GET_REGION_INFO =
      struct(
          "VFIO_DEVICE_GET_REGION_INFO",
          0x3B6C,
          32,
          32,
          ">argsz:4 >flags:4 index:4 >cap_offset:4 >size:8 >offset:8");
  public static final UapiStruct VFIO_DEVICE_GET_IRQ_INFO =
      struct("VFIO_DEVICE_GET_IRQ_INFO", 0x3B6D, 16, 16, ">argsz:4 >flags:4 index:4 >count:4");
  public static final UapiStruct VFIO_DEVICE_SET_IRQS =
      struct("VFIO_DEVICE_SET_IRQS", 0x3B6E, 20, 20, "argsz:4 flags:4 index:4 start:4 count:4");
  public static final UapiStruct VFIO_DEVICE_RESET = none("VFIO_DEVICE_RESET", 0x3B6F);

  /** An entry of 8 bytes for each function lies behind it. */
  public static final UapiStruct VFIO_DEVICE_GET_PCI_HOT_RESET_INFO =
      struct("VFIO_DEVICE_GET_PCI_HOT_RESET_INFO", 0x3B70, 12, 12, "argsz:4 >flags:4 >count:4");

  /** A descriptor of 4 bytes for each group lies behind it. */
  public static final UapiStruct VFIO_DEVICE_PCI_HOT_RESET =
      struct("VFIO_DEVICE_PCI_HOT_RESET", 0x3B71, 12, 12, "argsz:4 flags:4 count:4");

  /** With the fields of its dma-buf feature and one range behind them. */
  public static final UapiStruct VFIO_DEVICE_FEATURE =
      struct(
          "VFIO_DEVICE_FEATURE",
          0x3B75,
          8,
          40,
          "argsz:4 flags:4 region_index:4 open_flags:4 dma_buf_flags:4 nr_ranges:4 offset:8"
              + " length:8");

  public static final UapiStruct VFIO_DEVICE_BIND_IOMMUFD =
      struct(
          "VFIO_DEVICE_BIND_IOMMUFD",
          0x3B76,
          16,
          24,
          "argsz:4 flags:4 iommufd:-4 >out_devid:4 token_uuid_ptr:8");
  public static final UapiStruct VFIO_DEVICE_ATTACH_IOMMUFD_PT =
      struct("VFIO_DEVICE_ATTACH_IOMMUFD_PT", 0x3B77, 12, 16, "argsz:4 flags:4 >pt_id:4 pasid:4");
  public static final UapiStruct VFIO_DEVICE_DETACH_IOMMUFD_PT =
      struct("VFIO_DEVICE_DETACH_IOMMUFD_PT", 0x3B78, 8, 12, "argsz:4 flags:4 pasid:4");

  private static final List<UapiStruct> ISSUED =
      List.of(
          IOMMU_DESTROY,
          IOMMU_IOAS_ALLOC,
          IOMMU_IOAS_ALLOW_IOVAS,
          IOMMU_IOAS_COPY,
          IOMMU_IOAS_IOVA_RANGES,
          IOMMU_IOAS_MAP,
          IOMMU_IOAS_UNMAP,
          IOMMU_OPTION,
          IOMMU_VFIO_IOAS,
          IOMMU_HWPT_ALLOC,
          IOMMU_GET_HW_INFO,
          IOMMU_HWPT_SET_DIRTY_TRACKING,
          IOMMU_HWPT_GET_DIRTY_BITMAP,
          IOMMU_HWPT_INVALIDATE,
          IOMMU_FAULT_QUEUE_ALLOC,
          IOMMU_IOAS_MAP_FILE,
          IOMMU_VIOMMU_ALLOC,
          IOMMU_VDEVICE_ALLOC,
          IOMMU_IOAS_CHANGE_PROCESS,
          IOMMU_VEVENTQ_ALLOC,
          IOMMU_HW_QUEUE_ALLOC,
          VFIO_GET_API_VERSION,
          VFIO_CHECK_EXTENSION,
          VFIO_SET_IOMMU,
          VFIO_GROUP_GET_STATUS,
          VFIO_GROUP_SET_CONTAINER,
          VFIO_GROUP_UNSET_CONTAINER,
          VFIO_GROUP_GET_DEVICE_FD,
          VFIO_DEVICE_GET_INFO,
          VFIO_DEVICE_GET_REGION_INFO,
          VFIO_DEVICE_GET_IRQ_INFO,
          VFIO_DEVICE_SET_IRQS,
          VFIO_DEVICE_RESET,
          VFIO_IOMMU_GET_INFO,
          VFIO_IOMMU_MAP_DMA,
          VFIO_IOMMU_UNMAP_DMA,
          VFIO_IOMMU_ENABLE,
          VFIO_IOMMU_DISABLE,
          VFIO_IOMMU_DIRTY_PAGES,
          VFIO_DEVICE_FEATURE,
          VFIO_DEVICE_GET_PCI_HOT_RESET_INFO,
          VFIO_DEVICE_PCI_HOT_RESET,
          VFIO_DEVICE_BIND_IOMMUFD,
          VFIO_DEVICE_ATTACH_IOMMUFD_PT,
          VFIO_DEVICE_DETACH_IOMMUFD_PT);

  private static final List<UapiStruct> ALL =
      Stream.concat(ISSUED.stream(), SelftestUapi.all().stream()).toList();
  private static final Map<String, UapiStruct> BY_NAME =
      ALL.stream().collect(Collectors.toMap(UapiStruct::name, command -> command));
  private static final Map<Integer, UapiStruct> BY_NUMBER =
      Stream.concat(ISSUED.stream(), Stream.of(SelftestUapi.IOMMU_TEST_CMD))
          .collect(
              Collectors.toMap(UapiStruct::number, command -> command, (first, second) -> first));

  private Uapi() {}

  /** All commands. */
  public static List<UapiStruct> all() {
    return ALL;
  }

  /** The command of that name, such as {@code IOMMU_IOAS_MAP}. */
  public static Optional<UapiStruct> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The command with that number. */
  public static Optional<UapiStruct> numbered(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
