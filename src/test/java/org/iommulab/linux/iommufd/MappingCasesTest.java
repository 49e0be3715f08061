package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.iommufd.MockBench.A0;
import static org.iommulab.linux.iommufd.MockBench.A1;
import static org.iommulab.linux.iommufd.MockBench.B;
import static org.iommulab.linux.iommufd.MockBench.FIXED;
import static org.iommulab.linux.iommufd.MockBench.M;
import static org.iommulab.linux.iommufd.MockBench.MAX;
import static org.iommulab.linux.iommufd.MockBench.P;
import static org.iommulab.linux.iommufd.MockBench.R;
import static org.iommulab.linux.iommufd.MockBench.W;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.uapi.Uapi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cases B: address spaces and mapping. */
final class MappingCasesTest {

  private final MockBench b = new MockBench();
  private final int ioas = b.ioas();

  @AfterEach
  void nothingIsLeft() {
    b.close();
  }

  @Test
  void b1AndB2AnAttachedDeviceKeepsAnIoasAndMappingsDoNot() {
    assertThat(b.mapf(ioas, b.buf, P, 0)).isEqualTo("OK");
    assertThat(b.destroy(ioas)).isEqualTo("OK");
    int other = b.ioas();
    b.mock(other);
    assertThat(b.destroy(other)).isEqualTo("EBUSY");
  }

  @Test
  void b3UnmappingNothingIsAnError() {
    for (int i = 0; i < 10; i++) {
      assertThat(b.unmap(ioas, i * P, P)).isEqualTo("ENOENT");
    }
  }

  @Test
  void b4ToB6AreasAreWholeAndDoNotOverlap() {
    b.mock(ioas);
    assertThat(b.mapf(ioas, b.buf, 2 * P, A0 + 16 * P)).isEqualTo("OK");
    assertThat(b.unmap(ioas, A0 + 16 * P, P)).isEqualTo("ENOENT");
    assertThat(b.unmap(ioas, A0 + 17 * P, P)).isEqualTo("ENOENT");
    long[][] overlaps = {{2, 16}, {1, 16}, {1, 17}, {2, 15}, {3, 15}};
    for (long[] pair : overlaps) {
      assertThat(b.mapf(ioas, b.buf, pair[0] * P, A0 + pair[1] * P)).isEqualTo("EEXIST");
    }
    assertThat(b.unmap(ioas, 0, MAX)).isEqualTo("OK");
    assertThat(b.unmap(ioas, 0, MAX)).isEqualTo("OK");
    assertThat(b.unmapped()).isZero();
  }

  @Test
  void b7AndB8ASupersetTakesAllAreasInside() {
    b.mock(ioas);
    long base = A0 + 4 * P;
    for (int i = 0; i < 4; i++) {
      assertThat(b.mapf(ioas, b.buf, 8 * P, base + i * 16 * P)).isEqualTo("OK");
    }
    assertThat(b.unmap(ioas, base - 4 * P, 8 * P)).isEqualTo("ENOENT");
    assertThat(b.unmap(ioas, base + 3 * 16 * P + 4 * P, 8 * P)).isEqualTo("ENOENT");
    assertThat(b.unmap(ioas, base - 4 * P, 3 * 16 * P + 8 * P + 4 * P)).isEqualTo("OK");
    assertThat(b.unmapped()).isEqualTo(32 * P);
  }

  @Test
  void b9AndB10ChosenAddressesAreAlignedAndNeverZero() {
    var seen = new java.util.HashSet<Long>();
    for (int i = 0; i < 10; i++) {
      assertThat(b.map(ioas, b.buf, P)).isEqualTo("OK");
      assertThat(b.iova()).isNotZero();
      assertThat(b.iova() % P).isZero();
      assertThat(seen.add(b.iova())).isTrue();
    }
    for (int i = 0; i < 10; i++) {
      long length = P * (i + 1);
      assertThat(b.map(ioas, 1L << 31, length)).isEqualTo("OK");
      assertThat(b.iova() % Long.lowestOneBit(length)).isZero();
    }
  }

  @Test
  void b11ToB13ReservedAndAllowedRangesSteerTheChoice() {
    assertThat(b.reserve(ioas, 4 * P, 100 * P)).isEqualTo("OK");
    for (int i = 0; i < 10; i++) {
      long length = P * (i + 1);
      assertThat(b.map(ioas, 1L << 31, length)).isEqualTo("OK");
      assertThat(b.iova() + length <= 4 * P || b.iova() >= 104 * P).isTrue();
    }
    assertThat(b.allow(ioas, P, 600 * P)).isEqualTo("EADDRINUSE");
    assertThat(b.allow(ioas, 200 * P, 600 * P - 1)).isEqualTo("OK");
    for (int i = 0; i < 10; i++) {
      long length = P * (i + 1);
      assertThat(b.map(ioas, 1L << 31, length)).isEqualTo("OK");
      assertThat(b.iova()).isBetween(200 * P, 600 * P - length);
    }
  }

  @Test
  void b14AReservationUpToTheEndLeavesNoRoom() {
    assertThat(b.reserve(ioas, 6, 0xFFFF_FFFF_FFFF_8001L)).isEqualTo("OK");
    // A buffer aligned to 32 KiB: the next such address behind the reservation wraps.
    assertThat(b.map(ioas, 1L << 31, 0x5000)).isEqualTo("ENOSPC");
  }

  @Test
  void b15ToB17AllowedListAndReservationsExcludeEachOther() {
    assertThat(b.allow(ioas, 0, 600 * P)).isEqualTo("OK");
    assertThat(b.reserve(ioas, P, P)).isEqualTo("EADDRINUSE");
    assertThat(b.allow(ioas)).isEqualTo("OK");
    assertThat(b.reserve(ioas, P, P)).isEqualTo("OK");
    assertThat(b.allow(ioas, 0, 600 * P)).isEqualTo("EADDRINUSE");
    assertThat(b.allow(ioas, 5, 5)).isEqualTo("EINVAL");
    assertThat(b.allow(ioas, 0, P, P, 2 * P)).isEqualTo("EINVAL");
    assertThat(b.io(Uapi.IOMMU_IOAS_ALLOW_IOVAS, "ioas_id", ioas, "__reserved", 1))
        .isEqualTo("EOPNOTSUPP");
    int free = b.ioas();
    assertThat(b.allow(free, P, 10 * P - 1)).isEqualTo("OK");
    assertThat(b.mapf(free, b.buf, P, 100 * P)).isEqualTo("OK");
  }

  @Test
  void b18CopiesGoToTheSameAndToOtherSpaces() {
    MockBench.Std device = b.mock(ioas);
    assertThat(b.mapf(ioas, b.buf, P, A0)).isEqualTo("OK");
    assertThat(b.copy(ioas, A0, P, ioas, A0 + P, W | FIXED)).isEqualTo("OK");
    assertThat(b.copy(ioas, A0, P, b.ioas(), 0, W | FIXED)).isEqualTo("OK");
    b.check(device.hwpt(), A0 + P, P, b.buf);
    assertThat(b.process.memory().pinCount(b.process.pfn(b.buf))).isEqualTo(1);
  }

  @Test
  void b19CopiesNeedTheWholeSource() {
    b.mock(ioas);
    int target = b.ioas();
    assertThat(b.mapf(ioas, b.buf, B, A0)).isEqualTo("OK");
    for (long source = A0 - P; source <= A0 + B - 1; source += 511) {
      boolean inside = source >= A0 && source + M - 1 <= A0 + B - 1;
      assertThat(b.copy(ioas, source, M, target, A0, W | FIXED))
          .as("from %x", source)
          .isEqualTo(inside ? "OK" : "ENOENT");
      if (inside) {
        assertThat(b.unmap(target, A0, M)).isEqualTo("OK");
      }
    }
  }

  @Test
  void b20AndB21CopyRefusals() {
    assertThat(b.mapFlags(ioas, b.buf, P, 0, R | FIXED)).isEqualTo("OK");
    assertThat(b.copy(ioas, 0, P, ioas, 16 * P, R | W | FIXED)).isEqualTo("EPERM");
    assertThat(b.copy(ioas, 0, 0, ioas, 16 * P, R | FIXED)).isEqualTo("EINVAL");
    assertThat(b.copy(99, 0, P, ioas, 16 * P, R | FIXED)).isEqualTo("ENOENT");
    assertThat(b.copy(ioas, 0, P, 99, 16 * P, R | FIXED)).isEqualTo("ENOENT");
  }

  @Test
  void b22LengthsFollowTheDomainsPages() {
    int free = b.ioas();
    b.mock(ioas);
    for (int length = 1; length < 8192; length++) {
      assertThat(b.map(ioas, b.buf, length)).isEqualTo(length % M == 0 ? "OK" : "EINVAL");
      assertThat(b.map(free, b.buf, length)).isEqualTo("OK");
    }
  }

  @Test
  void b23AndB24SwitchingHugePagesOffRaisesTheAlignment() {
    assertThat(b.mapf(ioas, b.buf, P, A0)).isEqualTo("OK");
    assertThat(b.option(1, 0, ioas, 0)).isEqualTo("OK");
    assertThat(b.mapf(ioas, b.buf + M, P, A0 + P)).isEqualTo("EINVAL");
    assertThat(b.option(1, 0, ioas, 1)).isEqualTo("OK");
    assertThat(b.mapf(ioas, b.buf + M, P, A0 + P)).isEqualTo("OK");
    assertThat(b.option(1, 0, ioas, 0)).isEqualTo("EADDRINUSE");
  }

  private String ranges(int space, long capacity) {
    return b.io(
        Uapi.IOMMU_IOAS_IOVA_RANGES,
        "ioas_id",
        space,
        "num_iovas",
        capacity,
        "allowed_iovas",
        b.list);
  }

  private long at(int index) {
    byte[] bytes = new byte[8];
    b.process.read(b.list + 8L * index, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private long count() {
    return b.out(Uapi.IOMMU_IOAS_IOVA_RANGES, "num_iovas");
  }

  private long alignment() {
    return b.out(Uapi.IOMMU_IOAS_IOVA_RANGES, "out_iova_alignment");
  }

  @Test
  void b25ToB29UsableRangesAreWhatReservationsLeave() {
    assertThat(ranges(ioas, 16)).isEqualTo("OK");
    assertThat(List.of(count(), at(0), at(1), alignment())).containsExactly(1L, 0L, MAX, 1L);
    int attached = b.ioas();
    b.mock(attached);
    assertThat(ranges(attached, 16)).isEqualTo("OK");
    assertThat(List.of(count(), at(0), at(1), alignment())).containsExactly(1L, A0, A1, M);
    b.process.write(b.list, new byte[64]);
    assertThat(ranges(ioas, 0)).isEqualTo("EMSGSIZE");
    assertThat(List.of(count(), at(1))).containsExactly(1L, 0L);
    assertThat(b.reserve(ioas, P, P)).isEqualTo("OK");
    assertThat(ranges(ioas, 16)).isEqualTo("OK");
    assertThat(List.of(count(), at(0), at(1), at(2), at(3)))
        .containsExactly(2L, 0L, P - 1, 2 * P, MAX);
    b.process.write(b.list, new byte[64]);
    assertThat(ranges(ioas, 1)).isEqualTo("EMSGSIZE");
    assertThat(List.of(count(), at(1), at(3))).containsExactly(2L, P - 1, 0L);
    assertThat(b.reserve(attached, P, P)).isEqualTo("OK");
    assertThat(ranges(attached, 1)).isEqualTo("OK");
    assertThat(List.of(count(), at(0), at(1))).containsExactly(1L, A0, A1);
  }

  private long broken(long holeAt) {
    return b.process
        .alloc(8 * P, MemoryOptions.PLAIN.withHoles(List.of(new MemoryOptions.Hole(holeAt, 4 * P))))
        .ret();
  }

  @Test
  void b30AndB31MissingMemoryIsFoundWhenItIsPinned() {
    MockBench.Std device = b.mock(ioas);
    assertThat(b.map(ioas, broken(4 * P), 8 * P)).isEqualTo("EFAULT");
    assertThat(b.map(ioas, broken(0), 8 * P)).isEqualTo("EFAULT");
    assertThat(b.domain(device.hwpt()).mappedPages()).isZero();
    int free = b.ioas();
    assertThat(b.mapf(free, broken(4 * P), 8 * P, A0)).isEqualTo("OK");
    assertThat(b.tryMock(free, 0)).isEqualTo("EFAULT");
    assertThat(ranges(free, 16)).isEqualTo("OK");
    assertThat(alignment()).isEqualTo(1);
  }

  @Test
  void b32AndB33BoundsOfMaps() {
    int attached = b.ioas();
    b.mock(attached);
    assertThat(b.mapf(attached, b.buf, P, 0x1000)).isEqualTo("EINVAL");
    assertThat(b.mapf(ioas, b.buf, MAX, 0)).isEqualTo("EOVERFLOW");
    assertThat(b.mapf(ioas, b.buf, P, MAX)).isEqualTo("EOVERFLOW");
    assertThat(b.mapf(ioas, b.buf, 2 * P, 0xFFFF_FFFF_FFFF_F000L)).isEqualTo("EOVERFLOW");
    assertThat(b.mapf(ioas, b.buf, 0, 0)).isEqualTo("EINVAL");
  }

  @Test
  void b34AndB35EachPageIsPinnedOnceForAllDomains() {
    MockBench.Std device = b.mock(ioas);
    for (long start = 0; start < 8 * P; start += M) {
      for (long end = start + M; end <= 8 * P; end += M) {
        assertThat(b.map(ioas, b.buf + start, end - start)).isEqualTo("OK");
        long iova = b.iova();
        b.check(device.hwpt(), iova, end - start, b.buf + start);
        MockBench.Std second = b.mock(ioas);
        for (long page = start & -P; page < end; page += P) {
          assertThat(b.process.memory().pinCount(b.process.pfn(b.buf + page))).isEqualTo(1);
        }
        b.drop(second);
        assertThat(b.unmap(ioas, iova, end - start)).isEqualTo("OK");
        assertThat(b.process.memory().unpinned()).isTrue();
      }
    }
  }

  @Test
  void b36AreasBeforeARefusalAreGone() {
    b.mock(ioas);
    for (int i = 0; i < 3; i++) {
      b.mapf(ioas, b.buf, P, A0 + i * P);
    }
    assertThat(b.unmap(ioas, A0, 2 * P + M)).isEqualTo("ENOENT");
    assertThat(b.unmap(ioas, A0, P)).isEqualTo("ENOENT");
    assertThat(b.unmap(ioas, A0 + P, P)).isEqualTo("ENOENT");
    assertThat(b.unmap(ioas, A0 + 2 * P, P)).isEqualTo("OK");
  }

  @Test
  void b37AndB38PagesPinnedByAnAccessAreCopiedIntoADomain() {
    MockBench.Std device = b.mock(ioas);
    int source = b.ioas();
    assertThat(b.map(source, b.buf, B)).isEqualTo("OK");
    long iova = b.iova();
    IommufdAccess access = IommufdAccess.create(b.file.context(), true);
    assertThat(MockBench.name(access.attach(source))).isEqualTo("OK");
    assertThat(MockBench.name(access.pin(iova, B, true))).isEqualTo("OK");
    assertThat(b.copy(source, iova, B, ioas, A0, R | W | FIXED)).isEqualTo("OK");
    b.check(device.hwpt(), A0, B, b.buf);
    int next = b.ioas();
    assertThat(b.map(next, b.buf, B)).isEqualTo("OK");
    assertThat(MockBench.name(access.attach(next))).isEqualTo("OK");
    assertThat(b.unmap(ioas, A0, B)).isEqualTo("OK");
    assertThat(b.destroy(source)).isEqualTo("OK");
    access.release();
  }
}
