package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.GPU;
import static org.iommulab.linux.intel.ScalableLab.P;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A user's first-stage table on a nest parent, through the ioctls.
 *
 * <pre>
 *  guest-virtual 0x40_0000 --user's table--> guest-physical 0x6000 --parent--> host page
 *  tables at guest-physical 0x1000 (PML4), 0x2000, 0x3000, 0x4000 (PT)
 * </pre>
 */
@ExtendWith(NothingLeaks.class)
final class NestedTranslationTest {

  private static final int NEST_PARENT = 1;
  private static final int PASID = 8;
  private static final long GUEST = 0x40_0000;
  private static final long TABLE_BITS = 0x27;

  private final ScalableLab lab = ScalableLab.machine().boot();
  private final long ram = lab.process.alloc(16 * P, MemoryOptions.PLAIN).ret();
  private final int ioas;
  private final int parent;

  NestedTranslationTest() {
    lab.openIommufd();
    ioas = lab.ioas();
    lab.map(ioas, ram, 16 * P, 0);
    parent = lab.hwpt(1, ioas, NEST_PARENT);
    store(0x1000, 0x2000 | TABLE_BITS);
    store(0x2000, 0x3000 | TABLE_BITS);
    store(0x3000 + 2 * 8, 0x4000 | TABLE_BITS);
    store(0x4000, 0x6000 | 0x67);
  }

  private void store(long guestPhysical, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    assertThat(lab.process.write(ram + guestPhysical, bytes.array())).isTrue();
  }

  private long host(long guestPhysical) {
    return lab.process.pfn(ram + guestPhysical) << 12 | guestPhysical & 0xFFF;
  }

  private static byte[] stageOne(long flags, long table, int width) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(flags)
        .putLong(table)
        .putInt(width)
        .putInt(0)
        .array();
  }

  private SyscallResult allocNested(int flags, int pt, int type, int length, long flagsOfTable) {
    return allocNested(flags, pt, type, length, flagsOfTable, 48);
  }

  private SyscallResult allocNested(
      int flags, int pt, int type, int length, long flagsOfTable, int width) {
    return lab.iommu(
        Uapi.IOMMU_HWPT_ALLOC,
        "dev_id",
        1,
        "pt_id",
        pt,
        "flags",
        flags,
        "data_type",
        type,
        "data_len",
        length,
        "data_uptr",
        lab.data(stageOne(flagsOfTable, 0x1000, width)));
  }

  private int nested() {
    assertThat(allocNested(0, parent, 1, 24, 0).errno()).isNull();
    return lab.out(Uapi.IOMMU_HWPT_ALLOC, "out_hwpt_id");
  }

  private SyscallResult invalidate(int hwpt, int type, int length, int count, byte[] entries) {
    return lab.iommu(
        Uapi.IOMMU_HWPT_INVALIDATE,
        "hwpt_id",
        hwpt,
        "data_uptr",
        lab.data(entries),
        "data_type",
        type,
        "entry_len",
        length,
        "entry_num",
        count);
  }

  private static byte[] entries(long... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      bytes.putLong(word);
    }
    return bytes.array();
  }

  @Test
  void aDeviceWalksTheUsersTableThroughTheParent() {
    int hwpt = nested();
    assertThat(lab.attach(GPU, hwpt).errno()).isNull();
    assertThat(lab.write(GPU, GUEST + 8)).isEqualTo(host(0x6008));
    assertThat(lab.write(GPU, GUEST + P)).isEqualTo(-1);
    long[] entry = lab.pasidEntry(GPU, 0);
    assertThat(PasidEntry.PGTT.get(entry[0])).isEqualTo(PasidEntry.NESTED);
    assertThat(PasidEntry.FSPTPTR.get(entry[2])).isEqualTo(0x1000);
  }

  @Test
  void theUserInvalidatesWhatItChanged() {
    int hwpt = nested();
    lab.attach(GPU, hwpt);
    assertThat(lab.write(GPU, GUEST)).isEqualTo(host(0x6000));
    store(0x4000, 0x7000 | 0x67);
    assertThat(lab.write(GPU, GUEST)).as("stale").isEqualTo(host(0x6000));
    var queued =
        lab.queued(
            () -> assertThat(invalidate(hwpt, 0, 24, 1, entries(GUEST, 1, 1)).errno()).isNull());
    assertThat(queued).containsExactly("p_iotlb_inv", "dev_tlb_inv");
    assertThat(lab.write(GPU, GUEST)).isEqualTo(host(0x7000));
  }

  @Test
  void everythingCanBeInvalidatedAtOnce() {
    int hwpt = nested();
    lab.attach(GPU, hwpt);
    lab.write(GPU, GUEST);
    store(0x4000, 0x7000 | 0x67);
    assertThat(invalidate(hwpt, 0, 24, 1, entries(0, -1, 0)).errno()).isNull();
    assertThat(lab.write(GPU, GUEST)).isEqualTo(host(0x7000));
  }

  @Test
  void invalidationRefusalsComeInOrderAndCountWhatWasDone() {
    int hwpt = nested();
    lab.attach(GPU, hwpt);
    assertThat(invalidate(parent, 0, 24, 1, entries(0, 1, 0)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(invalidate(hwpt, 1, 24, 1, entries(0, 1, 0)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(invalidate(hwpt, 0, 16, 1, entries(0, 1, 0)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(invalidate(hwpt, 0, 32, 1, entries(0, 1, 0, 0)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(invalidate(hwpt, 0, 24, 1, entries(0, 1, 2)).errno()).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(invalidate(hwpt, 0, 24, 1, entries(0, 1, 1L << 32)).errno())
        .isEqualTo(Errno.EOPNOTSUPP);
    assertThat(invalidate(hwpt, 0, 24, 1, entries(8, 1, 0)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(invalidate(hwpt, 0, 24, 1, entries(0x1000, -1, 0)).errno()).isEqualTo(Errno.EINVAL);
    assertThat(lab.out(Uapi.IOMMU_HWPT_INVALIDATE, "entry_num")).isZero();
    assertThat(invalidate(hwpt, 0, 24, 2, entries(0, 1, 0, 8, 1, 0)).errno())
        .isEqualTo(Errno.EINVAL);
    assertThat(lab.out(Uapi.IOMMU_HWPT_INVALIDATE, "entry_num")).isEqualTo(1);
  }

  @Test
  void allocationRefusalsComeInOrder() {
    int plain = lab.hwpt(1, ioas, 0);
    assertThat(allocNested(NEST_PARENT, parent, 1, 24, 0).errno()).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(allocNested(0, parent, 3, 24, 0).errno()).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(allocNested(0, plain, 1, 24, 0).errno()).isEqualTo(Errno.EINVAL);
    assertThat(allocNested(0, parent, 1, 23, 0).errno()).isEqualTo(Errno.EINVAL);
    assertThat(allocNested(PASID, parent, 1, 24, 0).errno()).isNull();
    assertThat(allocNested(0, lab.out(Uapi.IOMMU_HWPT_ALLOC, "out_hwpt_id"), 1, 24, 0).errno())
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void whatTheUnitLacksShowsAtAttach() {
    ScalableLab weak =
        ScalableLab.machine()
            .with(ExtendedCapabilityLayout.SRS, 0)
            .with(ExtendedCapabilityLayout.EAFS, 0)
            .boot();
    assertThat(refusedAtAttach(weak, 1, 48)).isEqualTo(Errno.EINVAL);
    assertThat(refusedAtAttach(weak, 2, 48)).isEqualTo(Errno.EINVAL);
    assertThat(refusedAtAttach(weak, 0, 57)).isEqualTo(Errno.EINVAL);
    assertThat(refusedAtAttach(weak, 0, 40)).isEqualTo(Errno.EINVAL);
    assertThat(weak.log())
        .contains("No supervisor request support on dmar0")
        .contains("No extended access flag support on dmar0")
        .contains("5-level paging not supported")
        .contains("Invalid guest address width 40");
  }

  private static Errno refusedAtAttach(ScalableLab weak, long flags, int width) {
    weak.openIommufd();
    int weakParent = weak.hwpt(1, weak.ioas(), NEST_PARENT);
    assertThat(
            weak.iommu(
                    Uapi.IOMMU_HWPT_ALLOC,
                    "dev_id",
                    1,
                    "pt_id",
                    weakParent,
                    "data_type",
                    1,
                    "data_len",
                    24,
                    "data_uptr",
                    weak.data(stageOne(flags, 0x1000, width)))
                .errno())
        .isNull();
    SyscallResult result = weak.attach(GPU, weak.out(Uapi.IOMMU_HWPT_ALLOC, "out_hwpt_id"));
    weak.closeFiles();
    return Objects.requireNonNull(result.errno());
  }

  @Test
  void aUnitWithoutNestingMakesNoParent() {
    ScalableLab flat = ScalableLab.machine().with(ExtendedCapabilityLayout.NEST, 0).boot();
    flat.openIommufd();
    assertThat(flat.hwpt(1, flat.ioas(), NEST_PARENT)).isEqualTo(-Errno.EOPNOTSUPP.number());
  }

  @Test
  void unmappingBehindTheParentReachesNestedTranslations() {
    int hwpt = nested();
    lab.attach(GPU, hwpt);
    assertThat(lab.write(GPU, GUEST)).isEqualTo(host(0x6000));
    var queued =
        lab.queued(
            () ->
                assertThat(
                        lab.iommu(
                                Uapi.IOMMU_IOAS_UNMAP, "ioas_id", ioas, "iova", 0, "length", 16 * P)
                            .errno())
                    .isNull());
    assertThat(queued).contains("iotlb_inv", "dev_tlb_inv");
    assertThat(lab.write(GPU, GUEST)).isEqualTo(-1);
  }

  @Test
  void aNestParentMapsNothingReadOnly() {
    assertThat(
            lab.iommu(
                    Uapi.IOMMU_IOAS_MAP,
                    "ioas_id",
                    ioas,
                    "flags",
                    5,
                    "user_va",
                    ram,
                    "length",
                    P,
                    "iova",
                    0x100_0000)
                .errno())
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void closingLeavesNoEntryNoIdAndNoFrame() {
    var fresh = ScalableLab.machine().boot();
    fresh.openIommufd();
    fresh.closeFiles();
    lab.attach(GPU, nested());
    lab.write(GPU, GUEST);
    lab.closeFiles();
    assertThat(PasidEntry.PGTT.get(lab.pasidEntry(GPU, 0)[0])).isEqualTo(PasidEntry.FIRST_STAGE);
    assertThat(lab.kernel.domains()).hasSize(2);
    assertThat(lab.process.memory().unpinned()).isTrue();
    assertThat(lab.kernel.frames().kernelFrames()).isEqualTo(fresh.kernel.frames().kernelFrames());
  }

  @Test
  void hardwareInfoShowsTheCapabilityRegisters() {
    assertThat(
            lab.iommu(
                    Uapi.IOMMU_GET_HW_INFO,
                    "dev_id",
                    1,
                    "data_len",
                    24,
                    "data_uptr",
                    lab.scratch + 1024)
                .errno())
        .isNull();
    byte[] info = new byte[24];
    lab.process.read(lab.scratch + 1024, info);
    ByteBuffer data = ByteBuffer.wrap(info).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(data.getLong(8)).isEqualTo(lab.unit.read(8, 8));
    assertThat(data.getLong(16)).isEqualTo(lab.unit.read(0x10, 8));
    assertThat(lab.out(Uapi.IOMMU_GET_HW_INFO, "out_data_type")).isEqualTo(1);
  }
}
