package org.iommulab.linux.uapi;

import java.util.List;

/**
 * The operations of the kernel's own iommufd test ({@code iommufd_test.h}, CONFIG_IOMMUFD_TEST). On
 * the wire they are one ioctl, {@code IOMMU_TEST_CMD}, told apart by its field {@code op}; here
 * each has a declaration of its own, with that field set.
 */
public final class SelftestUapi {

  /** The command all of them share. */
  public static final int NUMBER = 0x3BA0;

  private static final int MINIMUM = 68;
  private static final int SIZE = 72;

  // ---- flags ------------------------------------------------------------------------------------

  /** {@code MOCK_FLAGS_DEVICE_NO_DIRTY}: its DMA leaves no dirty bits. */
  public static final int DEVICE_NO_DIRTY = 1;

  /** {@code MOCK_FLAGS_DEVICE_HUGE_IOVA}: its domains reach to the end of the IOVA space. */
  public static final int DEVICE_HUGE_IOVA = 2;

  /** {@code MOCK_FLAGS_DEVICE_PASID}: it can send 20-bit PASIDs. */
  public static final int DEVICE_PASID = 4;

  /** {@code MOCK_FLAGS_ACCESS_CREATE_NEEDS_PIN_PAGES}. */
  public static final int CREATE_ACCESS_PIN = 1;

  /** {@code MOCK_FLAGS_ACCESS_WRITE} of pages. */
  public static final int PAGES_WRITE = 1;

  /** {@code MOCK_FLAGS_ACCESS_SYZ}: pages are not checked. */
  public static final int PAGES_SYZ = 1 << 16;

  /** {@code MOCK_ACCESS_RW_WRITE}. */
  public static final int RW_WRITE = 1;

  /** {@code MOCK_ACCESS_RW_SLOW_PATH}. */
  public static final int RW_SLOW_PATH = 1 << 2;

  // ---- operations -------------------------------------------------------------------------------

  /** What comes before the operation's own fields. */
  public static final UapiStruct IOMMU_TEST_CMD = operation("IOMMU_TEST_CMD", 0, "");

  public static final UapiStruct ADD_RESERVED = operation("ADD_RESERVED", 1, "start:8 length:8");
  public static final UapiStruct MOCK_DOMAIN =
      operation("MOCK_DOMAIN", 2, ">out_stdev_id:4 >out_hwpt_id:4 >out_idev_id:4");
  public static final UapiStruct MD_CHECK_MAP =
      operation("MD_CHECK_MAP", 3, "iova:8 length:8 uptr:8");
  public static final UapiStruct MD_CHECK_REFS =
      operation("MD_CHECK_REFS", 4, "length:8 uptr:8 refs:4");
  public static final UapiStruct CREATE_ACCESS =
      operation("CREATE_ACCESS", 5, ">out_access_fd:4 flags:4");
  public static final UapiStruct DESTROY_ACCESS_PAGES =
      operation("DESTROY_ACCESS_PAGES", 6, "access_pages_id:4");
  public static final UapiStruct ACCESS_PAGES =
      operation("ACCESS_PAGES", 7, "flags:4 >out_access_pages_id:4 iova:8 length:8 uptr:8");
  public static final UapiStruct ACCESS_RW =
      operation("ACCESS_RW", 8, "iova:8 length:8 uptr:8 flags:4");
  public static final UapiStruct SET_TEMP_MEMORY_LIMIT =
      operation("SET_TEMP_MEMORY_LIMIT", 9, "limit:4");
  public static final UapiStruct MOCK_DOMAIN_REPLACE =
      operation("MOCK_DOMAIN_REPLACE", 10, "pt_id:4");
  public static final UapiStruct ACCESS_REPLACE_IOAS =
      operation("ACCESS_REPLACE_IOAS", 11, "ioas_id:4");
  public static final UapiStruct MOCK_DOMAIN_FLAGS =
      operation(
          "MOCK_DOMAIN_FLAGS", 12, ">out_stdev_id:4 >out_hwpt_id:4 >out_idev_id:4 dev_flags:4");
  public static final UapiStruct DIRTY =
      operation("DIRTY", 13, "flags:4 iova:8@24 length:8 page_size:8 uptr:8 >out_nr_dirty:8");
  public static final UapiStruct MD_CHECK_IOTLB = operation("MD_CHECK_IOTLB", 14, "slot:4 iotlb:4");
  public static final UapiStruct TRIGGER_IOPF =
      operation("TRIGGER_IOPF", 15, "dev_id:4 pasid:4 grpid:4 perm:4 addr:8");
  public static final UapiStruct DEV_CHECK_CACHE =
      operation("DEV_CHECK_CACHE", 16, "slot:4 cache:4");
  public static final UapiStruct TRIGGER_VEVENT = operation("TRIGGER_VEVENT", 17, "dev_id:4");
  public static final UapiStruct PASID_ATTACH = operation("PASID_ATTACH", 18, "pasid:4 pt_id:4");
  public static final UapiStruct PASID_REPLACE = operation("PASID_REPLACE", 19, "pasid:4 pt_id:4");
  public static final UapiStruct PASID_DETACH = operation("PASID_DETACH", 20, "pasid:4");
  public static final UapiStruct PASID_CHECK_HWPT =
      operation("PASID_CHECK_HWPT", 21, "pasid:4 hwpt_id:4");
  public static final UapiStruct DMABUF_GET = operation("DMABUF_GET", 22, "length:4 open_flags:4");
  public static final UapiStruct DMABUF_REVOKE =
      operation("DMABUF_REVOKE", 23, "dmabuf_fd:-4 revoked:4");

  private static final List<UapiStruct> ALL =
      List.of(
          ADD_RESERVED,
          MOCK_DOMAIN,
          MD_CHECK_MAP,
          MD_CHECK_REFS,
          CREATE_ACCESS,
          DESTROY_ACCESS_PAGES,
          ACCESS_PAGES,
          ACCESS_RW,
          SET_TEMP_MEMORY_LIMIT,
          MOCK_DOMAIN_REPLACE,
          ACCESS_REPLACE_IOAS,
          MOCK_DOMAIN_FLAGS,
          DIRTY,
          MD_CHECK_IOTLB,
          TRIGGER_IOPF,
          DEV_CHECK_CACHE,
          TRIGGER_VEVENT,
          PASID_ATTACH,
          PASID_REPLACE,
          PASID_DETACH,
          PASID_CHECK_HWPT,
          DMABUF_GET,
          DMABUF_REVOKE);

  private SelftestUapi() {}

  private static UapiStruct operation(String name, int op, String fields) {
    String full = op == 0 ? name : "IOMMU_TEST_OP_" + name;
    String head = "size:4 op:4=" + op + " id:4 __reserved:4 ";
    return UapiStruct.struct(full, NUMBER, MINIMUM, SIZE, head + fields);
  }

  /** All operations. */
  public static List<UapiStruct> all() {
    return ALL;
  }
}
