package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.NIC;
import static org.iommulab.linux.intel.ScalableLab.P;

import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which pages a device has written to, by the dirty bits of a real second stage. */
@ExtendWith(NothingLeaks.class)
final class DirtyTrackingTest {

  private static final int DIRTY = 2;
  private static final long BASE = 0x10_0000;

  private static ScalableLab attached(Walker walker) {
    ScalableLab lab = ScalableLab.machine().walker(walker).boot();
    lab.openIommufd();
    int ioas = lab.ioas();
    long ram = lab.userMemory(64 * P);
    lab.map(ioas, ram, 64 * P, BASE);
    int hwpt = lab.hwpt(2, ioas, DIRTY);
    assertThat(lab.attach(NIC, hwpt).errno()).isNull();
    return lab;
  }

  private static int hwpt(ScalableLab lab) {
    return lab.kernel.iommufdObjects().stream()
        .filter(object -> object.type().equals("HWPT_PAGING"))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private static Errno track(ScalableLab lab, int on) {
    return lab.iommu(Uapi.IOMMU_HWPT_SET_DIRTY_TRACKING, "hwpt_id", hwpt(lab), "flags", on).errno();
  }

  /** The bitmap of 64 pages. */
  private static long bitmap(ScalableLab lab, int flags) {
    long at = lab.data(new byte[8]);
    assertThat(
            lab.iommu(
                    Uapi.IOMMU_HWPT_GET_DIRTY_BITMAP,
                    "hwpt_id",
                    hwpt(lab),
                    "flags",
                    flags,
                    "iova",
                    BASE,
                    "length",
                    64 * P,
                    "page_size",
                    P,
                    "data",
                    at)
                .errno())
        .isNull();
    byte[] bytes = new byte[8];
    lab.process.read(at, bytes);
    return java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void pagesWrittenByTheDeviceAreReportedOnce(Walker walker) {
    ScalableLab lab = attached(walker);
    assertThat(track(lab, 1)).isNull();
    assertThat(PasidEntry.SSADE.isSet(lab.pasidEntry(NIC, 0)[0])).isTrue();
    lab.write(NIC, BASE + 3 * P);
    lab.write(NIC, BASE + 63 * P + 8);
    lab.read(NIC, BASE + 5 * P);
    assertThat(bitmap(lab, 0)).isEqualTo(1L << 3 | 1L << 63);
    assertThat(bitmap(lab, 0)).isZero();
    lab.write(NIC, BASE + 3 * P);
    assertThat(bitmap(lab, 0)).as("the cleared page's cached entry is gone").isEqualTo(1L << 3);
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void readingWithoutClearingKeepsTheBits(Walker walker) {
    ScalableLab lab = attached(walker);
    track(lab, 1);
    lab.write(NIC, BASE);
    assertThat(bitmap(lab, 1)).isEqualTo(1);
    assertThat(bitmap(lab, 1)).isEqualTo(1);
    assertThat(bitmap(lab, 0)).isEqualTo(1);
    assertThat(bitmap(lab, 0)).isZero();
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void whatWasWrittenBeforeTrackingDoesNotCount(Walker walker) {
    ScalableLab lab = attached(walker);
    lab.write(NIC, BASE);
    track(lab, 1);
    assertThat(bitmap(lab, 0)).isZero();
    track(lab, 0);
    assertThat(PasidEntry.SSADE.isSet(lab.pasidEntry(NIC, 0)[0])).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void togglingFlushesPasidCacheAndDomain(Walker walker) {
    ScalableLab lab = attached(walker);
    assertThat(lab.queued(() -> track(lab, 1))).containsExactly("pc_inv", "iotlb_inv");
    assertThat(lab.queued(() -> track(lab, 1))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void aUnitWithoutDirtyBitsTracksNothing(Walker walker) {
    ScalableLab lab =
        ScalableLab.machine().walker(walker).with(ExtendedCapabilityLayout.SSADS, 0).boot();
    lab.openIommufd();
    assertThat(lab.hwpt(2, lab.ioas(), DIRTY)).isEqualTo(-Errno.EOPNOTSUPP.number());
  }
}
