package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.iommufd.MockBench.P;

import java.util.Map;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiStruct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cases A: dispatch and rules for every ioctl. */
final class DispatchCasesTest {

  private final MockBench b = new MockBench();

  @AfterEach
  void nothingIsLeft() {
    b.close();
  }

  @Test
  void a1ToA3UnknownObjectAddressAndNumber() {
    assertThat(b.destroy(0)).isEqualTo("ENOENT");
    assertThat(MockBench.name(b.process.ioctl(b.fd, 0x3B80, 0))).isEqualTo("EFAULT");
    assertThat(MockBench.name(b.process.ioctl(b.fd, 0x3B7F, 0))).isEqualTo("ENOTTY");
  }

  @Test
  void a4ToA7SizesAndTails() {
    byte[] set = {(byte) 0xFF};
    byte[] clear = {0};
    assertThat(b.sized(Uapi.IOMMU_DESTROY, 7, new byte[0])).isEqualTo("EINVAL");
    assertThat(b.sized(Uapi.IOMMU_DESTROY, 9, set)).isEqualTo("E2BIG");
    assertThat(b.sized(Uapi.IOMMU_DESTROY, 9, clear)).isEqualTo("ENOENT");
    assertThat(b.sized(Uapi.IOMMU_IOAS_ALLOC, 11, new byte[0])).isEqualTo("EINVAL");
    assertThat(b.sized(Uapi.IOMMU_IOAS_ALLOC, 13, set)).isEqualTo("E2BIG");
    assertThat(b.sized(Uapi.IOMMU_IOAS_ALLOC, 13, clear)).isEqualTo("OK");
    Map<UapiStruct, Integer> shortest =
        Map.ofEntries(
            Map.entry(Uapi.IOMMU_GET_HW_INFO, 31),
            Map.entry(Uapi.IOMMU_HWPT_ALLOC, 23),
            Map.entry(Uapi.IOMMU_HWPT_INVALIDATE, 31),
            Map.entry(Uapi.IOMMU_IOAS_IOVA_RANGES, 31),
            Map.entry(Uapi.IOMMU_IOAS_ALLOW_IOVAS, 23),
            Map.entry(Uapi.IOMMU_IOAS_MAP, 39),
            Map.entry(Uapi.IOMMU_IOAS_COPY, 39),
            Map.entry(Uapi.IOMMU_IOAS_UNMAP, 23),
            Map.entry(Uapi.IOMMU_OPTION, 23),
            Map.entry(Uapi.IOMMU_VFIO_IOAS, 11),
            Map.entry(Uapi.IOMMU_IOAS_MAP_FILE, 39),
            Map.entry(Uapi.IOMMU_VIOMMU_ALLOC, 23),
            Map.entry(Uapi.IOMMU_VDEVICE_ALLOC, 23),
            Map.entry(Uapi.IOMMU_IOAS_CHANGE_PROCESS, 7));
    shortest.forEach(
        (command, size) ->
            assertThat(b.sized(command, size, new byte[0])).as(command.name()).isEqualTo("EINVAL"));
    byte[] one = {1, 0, 0, 0, 0, 0, 0, 0};
    assertThat(b.sized(Uapi.IOMMU_DESTROY, 16, new byte[8])).isEqualTo("ENOENT");
    assertThat(b.sized(Uapi.IOMMU_DESTROY, 16, one)).isEqualTo("E2BIG");
  }

  @Test
  void a8IdsAreTheLowestFreeOnes() {
    assertThat(b.ioas()).isEqualTo(1);
    assertThat(b.ioas()).isEqualTo(2);
    assertThat(b.destroy(1)).isEqualTo("OK");
    assertThat(b.ioas()).isEqualTo(1);
  }

  @Test
  void a9AndA10UnknownFlagsAreUnsupported() {
    assertThat(b.io(Uapi.IOMMU_IOAS_ALLOC, "flags", 1)).isEqualTo("EOPNOTSUPP");
    int ioas = b.ioas();
    assertThat(b.mapFlags(ioas, b.buf, P, 0, 8)).isEqualTo("EOPNOTSUPP");
    assertThat(b.io(Uapi.IOMMU_IOAS_MAP, "ioas_id", ioas, "flags", 6, "__reserved", 1))
        .isEqualTo("EOPNOTSUPP");
    assertThat(b.mapFlags(ioas, b.buf, P, 0, 1)).isEqualTo("EINVAL");
  }
}
