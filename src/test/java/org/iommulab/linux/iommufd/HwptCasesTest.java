package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.iommufd.MockBench.A0;
import static org.iommulab.linux.iommufd.MockBench.B;
import static org.iommulab.linux.iommufd.MockBench.M;
import static org.iommulab.linux.iommufd.MockBench.P;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.iommulab.linux.mock.MockDomain;
import org.iommulab.linux.mock.MockIommu;
import org.iommulab.linux.mock.MockNestedDomain;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.uapi.Uapi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cases D and E and the PASID part of F: page tables of hardware, devices, dirty tracking. */
final class HwptCasesTest {

  private static final int NEST_PARENT = 1;
  private static final int DIRTY = 2;
  private static final int FAULT = 4;
  private static final int PASID = 8;
  private static final int NESTED_TYPE = 0xDEAD;
  private static final int INVALIDATE_TYPE = 0xDEADBEEF;

  private final MockBench b = new MockBench();
  private final int ioas = b.ioas();

  @AfterEach
  void nothingIsLeft() {
    b.close();
  }

  @Test
  void d1AttachNeedsSomethingToAttachTo() {
    MockBench.Std device = b.mock(ioas);
    b.drop(b.mock(device.hwpt()));
    assertThat(b.tryMock(0, 0)).isEqualTo("ENOENT");
  }

  @Test
  void d2AndD5AndD6AllocRefusals() {
    MockBench.Std device = b.mock(ioas);
    assertThat(b.hwptAlloc(device.dev(), ioas, ~1)).isEqualTo("EOPNOTSUPP");
    assertThat(b.hwptAlloc(ioas, device.dev(), 0)).isEqualTo("ENOENT");
    assertThat(b.hwptAlloc(device.dev(), device.dev(), 0)).isEqualTo("EINVAL");
    assertThat(b.hwptAlloc(device.dev(), ioas, NEST_PARENT | FAULT)).isEqualTo("EOPNOTSUPP");
    assertThat(b.hwptAlloc(device.dev(), 9999, 0)).isEqualTo("EINVAL");
    assertThat(b.hwptAlloc(9999, ioas, 0)).isEqualTo("ENOENT");
    assertThat(b.destroy(device.dev())).isEqualTo("EBUSY");
  }

  @Test
  void d3AnAttachedHwptCannotBeDestroyed() {
    MockBench.Std device = b.mock(ioas);
    assertThat(b.hwptAlloc(device.dev(), ioas, 0)).isEqualTo("OK");
    int first = b.hwpt();
    assertThat(b.hwptAlloc(device.dev(), ioas, NEST_PARENT)).isEqualTo("OK");
    int second = b.hwpt();
    assertThat(b.replace(device, first)).isEqualTo("OK");
    assertThat(b.destroy(first)).isEqualTo("EBUSY");
    assertThat(b.replace(device, second)).isEqualTo("OK");
    assertThat(b.destroy(second)).isEqualTo("EBUSY");
    assertThat(b.replace(device, ioas)).isEqualTo("OK");
    assertThat(b.destroy(second)).isEqualTo("OK");
    assertThat(b.destroy(first)).isEqualTo("OK");
  }

  @Test
  void d4AnAutomaticHwptGoesWithItsLastDevice() {
    MockBench.Std device = b.mock(ioas);
    int other = b.ioas();
    assertThat(b.replace(device, other)).isEqualTo("OK");
    assertThat(b.replace(device, device.hwpt())).isEqualTo("ENOENT");
    assertThat(b.replace(device, other)).isEqualTo("OK");
  }

  // ---- nested -----------------------------------------------------------------------------------

  private int nestParent(MockBench.Std device) {
    assertThat(b.hwptAlloc(device.dev(), ioas, NEST_PARENT)).isEqualTo("OK");
    return b.hwpt();
  }

  private String nested(int dev, int parent, int flags, int type, int length, long data) {
    return b.io(
        Uapi.IOMMU_HWPT_ALLOC,
        "dev_id",
        dev,
        "pt_id",
        parent,
        "flags",
        flags,
        "data_type",
        type,
        "data_len",
        length,
        "data_uptr",
        data,
        "fault_id",
        0xFFFF_FFFFL);
  }

  private int nested(MockBench.Std device, int parent, int flags) {
    b.process.write(b.list, new byte[] {(byte) 0xEF, (byte) 0xBE, (byte) 0xAD, 0x0B});
    assertThat(nested(device.dev(), parent, flags, NESTED_TYPE, 4, b.list)).isEqualTo("OK");
    return b.hwpt();
  }

  @Test
  void d7ToD9NestedNegatives() {
    MockBench.Std device = b.mock(ioas);
    int parent = nestParent(device);
    int dev = device.dev();
    assertThat(nested(dev, parent, 0, 0, 4, b.list)).isEqualTo("EINVAL");
    assertThat(nested(dev, parent, 0, 1, 4, b.list)).isEqualTo("EOPNOTSUPP");
    assertThat(nested(dev, parent, 0, NESTED_TYPE, 3, b.list)).isEqualTo("EINVAL");
    assertThat(nested(dev, parent, 0, NESTED_TYPE, 4, 0)).isEqualTo("EFAULT");
    assertThat(nested(dev, parent, NEST_PARENT, NESTED_TYPE, 4, b.list)).isEqualTo("EOPNOTSUPP");
    assertThat(nested(dev, device.hwpt(), 0, NESTED_TYPE, 4, b.list)).isEqualTo("EINVAL");
    int first = nested(device, parent, 0);
    nested(device, parent, 0);
    assertThat(b.destroy(parent)).isEqualTo("EBUSY");
    assertThat(nested(dev, first, 0, NESTED_TYPE, 4, b.list)).isEqualTo("EINVAL");
    assertThat(nested(dev, parent, FAULT, NESTED_TYPE, 4, b.list)).isEqualTo("ENOENT");
  }

  private String invalidate(int hwpt, int type, int length, int count, long data) {
    return b.io(
        Uapi.IOMMU_HWPT_INVALIDATE,
        "hwpt_id",
        hwpt,
        "data_type",
        type,
        "entry_len",
        length,
        "entry_num",
        count,
        "data_uptr",
        data);
  }

  private long entriesDone() {
    return b.out(Uapi.IOMMU_HWPT_INVALIDATE, "entry_num");
  }

  private void entries(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    b.process.write(b.list, bytes.array());
  }

  @Test
  void d10ToD15InvalidationCountsWhatItDid() {
    MockBench.Std device = b.mock(ioas);
    int parent = nestParent(device);
    int hwpt = nested(device, parent, 0);
    var domain = (MockNestedDomain) b.file.context().find(hwpt, HwptNested.class).domain();
    entries(0, 0);
    assertThat(invalidate(parent, INVALIDATE_TYPE, 8, 1, b.list)).isEqualTo("EINVAL");
    assertThat(entriesDone()).isZero();
    assertThat(invalidate(hwpt, INVALIDATE_TYPE, 8, 0, b.list)).isEqualTo("OK");
    assertThat(invalidate(hwpt, 1, 8, 1, b.list)).isEqualTo("EINVAL");
    for (int length : new int[] {9, 1, 0}) {
      assertThat(invalidate(hwpt, INVALIDATE_TYPE, length, 1, b.list)).isEqualTo("EINVAL");
      assertThat(entriesDone()).isZero();
    }
    assertThat(invalidate(hwpt, INVALIDATE_TYPE, 8, 1, 0)).isEqualTo("EINVAL");
    entries(0, 4);
    assertThat(invalidate(hwpt, INVALIDATE_TYPE, 8, 1, b.list)).isEqualTo("EINVAL");
    entries(-1, 0);
    assertThat(invalidate(hwpt, INVALIDATE_TYPE, 8, 1, b.list)).isEqualTo("EOPNOTSUPP");
    entries(0, 0, 0xFF00, 1);
    assertThat(invalidate(hwpt, INVALIDATE_TYPE, 8, 2, b.list)).isEqualTo("EOPNOTSUPP");
    assertThat(entriesDone()).isEqualTo(1);
    assertThat(List.of(domain.slot(0), domain.slot(1), domain.slot(3)))
        .containsExactly(0, 0x0BADBEEF, 0x0BADBEEF);
    entries(0, 2, 0, 3);
    assertThat(invalidate(hwpt, INVALIDATE_TYPE, 8, 2, b.list)).isEqualTo("OK");
    assertThat(entriesDone()).isEqualTo(2);
    assertThat(List.of(domain.slot(1), domain.slot(2), domain.slot(3)))
        .containsExactly(0x0BADBEEF, 0, 0);
  }

  @Test
  void d16AndD17HardwareInfo() {
    MockBench.Std device = b.mock(ioas);
    assertThat(info(device.dev(), 0, 0, 0)).isEqualTo("OK");
    assertThat(info(device.dev(), 8, 0, 0)).isEqualTo("OK");
    byte[] filled = new byte[16];
    java.util.Arrays.fill(filled, (byte) 0xEE);
    b.process.write(b.list, filled);
    assertThat(info(device.dev(), 16, 0, 0)).isEqualTo("OK");
    b.process.read(b.list, filled);
    ByteBuffer seen = ByteBuffer.wrap(filled).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(seen.getInt(4)).isEqualTo(0xDEADBEEF);
    assertThat(seen.getLong(8)).isZero();
    assertThat(info(device.dev(), 4, 0, 0)).isEqualTo("OK");
    assertThat(info(device.dev(), 8, 1, 1)).isEqualTo("EOPNOTSUPP");
    assertThat(b.io(Uapi.IOMMU_GET_HW_INFO, "dev_id", device.dev())).isEqualTo("OK");
    assertThat(b.out(Uapi.IOMMU_GET_HW_INFO, "out_max_pasid_log2")).isZero();
    MockBench.Std pasid = b.mock(ioas, MockIommu.WITH_PASID);
    assertThat(b.io(Uapi.IOMMU_GET_HW_INFO, "dev_id", pasid.dev())).isEqualTo("OK");
    assertThat(b.out(Uapi.IOMMU_GET_HW_INFO, "out_max_pasid_log2")).isEqualTo(20);
    assertThat(b.out(Uapi.IOMMU_GET_HW_INFO, "out_capabilities") & 1).isEqualTo(1);
    assertThat(b.io(Uapi.IOMMU_GET_HW_INFO, "dev_id", 0)).isEqualTo("ENOENT");
  }

  private String info(int dev, int length, int flags, int type) {
    return b.io(
        Uapi.IOMMU_GET_HW_INFO,
        "dev_id",
        dev,
        "data_len",
        length,
        "data_uptr",
        b.list,
        "flags",
        flags,
        "in_data_type",
        type);
  }

  // ---- dirty tracking ---------------------------------------------------------------------------

  private int dirtyHwpt() {
    MockBench.Std device = b.mock(ioas);
    assertThat(b.hwptAlloc(device.dev(), ioas, DIRTY)).isEqualTo("OK");
    return b.hwpt();
  }

  @Test
  void e1AndE2OnlyCapableDevicesMeetADirtyHwpt() {
    int hwpt = dirtyHwpt();
    b.drop(b.mock(hwpt));
    assertThat(b.tryMock(hwpt, MockIommu.NO_DIRTY)).isEqualTo("EINVAL");
    int other = b.ioas();
    MockBench.Std plain = b.mock(other, MockIommu.NO_DIRTY);
    assertThat(b.hwptAlloc(plain.dev(), other, DIRTY)).isEqualTo("EOPNOTSUPP");
    assertThat(tracking(hwpt, 1)).isEqualTo("OK");
    assertThat(tracking(hwpt, 0)).isEqualTo("OK");
    assertThat(tracking(plain.hwpt(), 1)).isEqualTo("EOPNOTSUPP");
    assertThat(bitmap(plain.hwpt(), A0, M, M, 0, b.list)).isEqualTo("EOPNOTSUPP");
  }

  private String tracking(int hwpt, int flags) {
    return b.io(Uapi.IOMMU_HWPT_SET_DIRTY_TRACKING, "hwpt_id", hwpt, "flags", flags);
  }

  private String bitmap(int hwpt, long iova, long length, long page, int flags, long data) {
    return b.io(
        Uapi.IOMMU_HWPT_GET_DIRTY_BITMAP,
        "hwpt_id",
        hwpt,
        "iova",
        iova,
        "length",
        length,
        "page_size",
        page,
        "flags",
        flags,
        "data",
        data);
  }

  @Test
  void e4ToE6BitsAreExactAtAnyAddress() {
    int hwpt = dirtyHwpt();
    long size = 128 * 1024;
    long memory = b.process.alloc(size, MemoryOptions.PLAIN).ret();
    assertThat(b.mapf(ioas, memory, size, A0)).isEqualTo("OK");
    assertThat(tracking(hwpt, 1)).isEqualTo("OK");
    MockDomain domain = b.domain(hwpt);
    for (long offset : new long[] {0, 2048, 0xFF1}) {
      for (long page = 0; page < size; page += 2 * M) {
        domain.deviceWrites(A0 + page);
      }
      assertThat(read(hwpt, size, 1, offset)).containsOnly(0x55);
      assertThat(read(hwpt, size, 1, offset)).containsOnly(0x55);
      assertThat(read(hwpt, size, 0, offset)).containsOnly(0x55);
      assertThat(read(hwpt, size, 0, offset)).containsOnly(0);
    }
    b.process.write(b.list, new byte[] {-1});
    assertThat(bitmap(hwpt, A0, 8 * M, M, 0, b.list)).isEqualTo("OK");
    byte[] one = new byte[1];
    b.process.read(b.list, one);
    assertThat(one[0]).isEqualTo((byte) -1);
    assertThat(bitmap(hwpt, A0, 2 * size, M, 0, b.list)).isEqualTo("OK");
  }

  private byte[] read(int hwpt, long size, int flags, long offset) {
    byte[] clear = new byte[8192];
    b.process.write(b.list, clear);
    assertThat(bitmap(hwpt, A0, size, M, flags, b.list + offset)).isEqualTo("OK");
    b.process.read(b.list, clear);
    int bytes = (int) (size / M / 8);
    assertThat(clear[(int) offset + bytes]).isZero();
    return java.util.Arrays.copyOfRange(clear, (int) offset, (int) offset + bytes);
  }

  @Test
  void e7BitmapRefusals() {
    int hwpt = dirtyHwpt();
    b.mapf(ioas, b.buf, B, A0);
    assertThat(bitmap(hwpt, A0, B, 0, 0, b.list)).isEqualTo("EINVAL");
    assertThat(bitmap(hwpt, A0 + 1, B, M, 0, b.list)).isEqualTo("EINVAL");
    assertThat(bitmap(hwpt, A0, B + 1, M, 0, b.list)).isEqualTo("EINVAL");
    assertThat(bitmap(hwpt, A0, B, M, 2, b.list)).isEqualTo("EOPNOTSUPP");
    assertThat(bitmap(ioas, A0, B, M, 0, b.list)).isEqualTo("ENOENT");
  }

  // ---- PASIDs -----------------------------------------------------------------------------------

  private static String pasid(MockBench.Std device, int pasid, int pt) {
    return MockBench.name(device.binding().attach(pasid, pt));
  }

  @Test
  void f16ToF22PasidRules() {
    MockBench.Std device = b.mock(ioas, MockIommu.WITH_PASID);
    int parent = nestParent(device);
    assertThat(b.hwptAlloc(device.dev(), ioas, PASID)).isEqualTo("OK");
    int shared = b.hwpt();
    assertThat(b.replace(device, parent)).isEqualTo("OK");
    assertThat(pasid(device, 100, shared)).isEqualTo("EINVAL");
    assertThat(b.replace(device, shared)).isEqualTo("OK");
    int first = nested(device, parent, PASID);
    int second = nested(device, parent, PASID);
    assertThat(pasid(device, 100, first)).isEqualTo("OK");
    assertThat(b.replace(device, parent)).isEqualTo("EINVAL");
    device.binding().detach(100);
    assertThat(pasid(device, 100, parent)).isEqualTo("EINVAL");
    assertThat(pasid(device, 100, ioas)).isEqualTo("EINVAL");
    assertThat(pasid(device, 200, shared)).isEqualTo("OK");
    assertThat(pasid(device, 200, ioas)).isEqualTo("EINVAL");
    assertThat(pasid(device, 200, first)).isEqualTo("OK");
    assertThat(pasid(device, 200, second)).isEqualTo("OK");
    assertThat(pasid(device, 1024, first)).isEqualTo("OK");
    assertThat(pasid(device, 1024, second)).isEqualTo("ENOMEM");
    assertThat(b.lab.kernel.mockIommu().pasidDomain(device.device(), 1024))
        .isSameAs(b.file.context().find(first, HwptNested.class).domain());
    device.binding().detach(300);
    int dirty = dirtyHwpt();
    MockBench.Std plain = b.mock(ioas);
    assertThat(pasid(plain, 100, shared)).isEqualTo("EINVAL");
    assertThat(b.destroy(dirty)).isEqualTo("OK");
  }

  // ---- accesses ---------------------------------------------------------------------------------

  @Test
  void f1ToF3PinsSurviveDomainsAndGiveWayToUnmap() {
    IommufdAccess access = IommufdAccess.create(b.file.context(), true);
    assertThat(MockBench.name(access.attach(ioas))).isEqualTo("OK");
    for (int pages = 1; pages <= 15; pages++) {
      assertThat(b.mapf(ioas, b.buf, B, A0)).isEqualTo("OK");
      assertThat(MockBench.name(access.pin(A0, pages * P, true))).isEqualTo("OK");
      int one = access.lastPin();
      assertThat(MockBench.name(access.pin(A0, pages * P, true))).isEqualTo("OK");
      int two = access.lastPin();
      MockBench.Std device = b.mock(ioas);
      b.check(device.hwpt(), A0, B, b.buf);
      b.drop(device);
      assertThat(MockBench.name(access.unpin(one))).isEqualTo("OK");
      assertThat(MockBench.name(access.unpin(two))).isEqualTo("OK");
      assertThat(b.unmap(ioas, A0, B)).isEqualTo("OK");
      assertThat(b.process.memory().unpinned()).isTrue();
    }
    b.mapf(ioas, b.buf, B, A0);
    access.pin(A0, B, true);
    assertThat(b.unmap(ioas, A0, B)).isEqualTo("OK");
    assertThat(MockBench.name(access.unpin(access.lastPin()))).isEqualTo("ENOENT");
    access.release();
  }

  @Test
  void f4ToF6BytesAreExact() {
    IommufdAccess access = IommufdAccess.create(b.file.context(), false);
    access.attach(ioas);
    for (long shift : new long[] {0, M}) {
      assertThat(b.mapf(ioas, b.buf + shift, B - P, A0)).isEqualTo("OK");
      for (int offset = (int) P - 50; offset < P + 50; offset++) {
        for (int length = 1; length < 64; length += 7) {
          byte[] data = new byte[length];
          java.util.Arrays.fill(data, (byte) (offset + length));
          assertThat(MockBench.name(access.rw(A0 + offset, data, true))).isEqualTo("OK");
          byte[] seen = new byte[length];
          b.process.read(b.buf + shift + offset, seen);
          assertThat(seen).isEqualTo(data);
          assertThat(MockBench.name(access.rw(A0 + offset, seen, false))).isEqualTo("OK");
          assertThat(seen).isEqualTo(data);
        }
      }
      b.unmap(ioas, A0, B - P);
    }
    b.mapFlags(ioas, b.buf, P, A0, MockBench.R | MockBench.FIXED);
    assertThat(MockBench.name(access.rw(A0, new byte[4], true))).isEqualTo("EPERM");
    assertThat(MockBench.name(access.rw(A0 + P - 2, new byte[4], false))).isEqualTo("ENOENT");
    assertThat(MockBench.name(access.rw(A0, new byte[0], false))).isEqualTo("EINVAL");
    access.release();
  }
}
