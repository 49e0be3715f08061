package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.iommufd.MockBench.A0;
import static org.iommulab.linux.iommufd.MockBench.A1;
import static org.iommulab.linux.iommufd.MockBench.B;
import static org.iommulab.linux.iommufd.MockBench.H;
import static org.iommulab.linux.iommufd.MockBench.P;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Uapi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cases C: options and VFIO's ioctls. */
final class OptionAndVfioCasesTest {

  private static final int RLIMIT_MODE = 0;
  private static final int HUGE_PAGES = 1;

  private final MockBench b = new MockBench();

  @AfterEach
  void nothingIsLeft() {
    b.close();
  }

  /** An IOAS with a mock device, made VFIO's, with that IOMMU type. */
  private int vfio(int type) {
    int ioas = b.ioas();
    b.mock(ioas);
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 1, "ioas_id", ioas)).isEqualTo("OK");
    assertThat(call(Uapi.VFIO_SET_IOMMU.number(), type)).isEqualTo("OK");
    return ioas;
  }

  private String call(int command, long argument) {
    return MockBench.name(b.process.ioctl(b.fd, command, argument));
  }

  private long value(int command, long argument) {
    return b.process.ioctl(b.fd, command, argument).ret();
  }

  private String mapDma(int argsz, int flags, long vaddr, long iova, long size) {
    ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(argsz).putInt(flags).putLong(vaddr).putLong(iova).putLong(size);
    b.process.write(b.argument, bytes.array());
    return call(Uapi.VFIO_IOMMU_MAP_DMA.number(), b.argument);
  }

  private String unmapDma(int argsz, int flags, long iova, long size) {
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(argsz).putInt(flags).putLong(iova).putLong(size);
    b.process.write(b.argument, bytes.array());
    return call(Uapi.VFIO_IOMMU_UNMAP_DMA.number(), b.argument);
  }

  private long unmapped() {
    return bytes(24).getLong(16);
  }

  private ByteBuffer bytes(int count) {
    byte[] bytes = new byte[count];
    b.process.read(b.argument, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void c1RlimitMode() {
    assertThat(b.option(RLIMIT_MODE, 1, 0, 0)).isEqualTo("OK");
    assertThat(b.optionValue()).isZero();
    assertThat(b.option(RLIMIT_MODE, 0, 0, 1)).isEqualTo("OK");
    assertThat(b.option(RLIMIT_MODE, 0, 0, 2)).isEqualTo("EINVAL");
    assertThat(b.option(RLIMIT_MODE, 1, 0, 0)).isEqualTo("OK");
    assertThat(b.optionValue()).isEqualTo(1);
    assertThat(b.option(RLIMIT_MODE, 0, 0, 0)).isEqualTo("OK");
  }

  @Test
  void c2ToC6OptionRefusals() {
    assertThat(b.option(HUGE_PAGES, 1, 0, 0)).isEqualTo("ENOENT");
    assertThat(b.option(HUGE_PAGES, 0, 0, 0)).isEqualTo("ENOENT");
    int ioas = b.ioas();
    assertThat(b.option(RLIMIT_MODE, 0, 0, 1)).isEqualTo("EBUSY");
    assertThat(b.option(HUGE_PAGES, 1, ioas, 0)).isEqualTo("OK");
    assertThat(b.optionValue()).isEqualTo(1);
    assertThat(b.option(HUGE_PAGES, 0, ioas, 0)).isEqualTo("OK");
    assertThat(b.option(HUGE_PAGES, 1, ioas, 0)).isEqualTo("OK");
    assertThat(b.optionValue()).isZero();
    assertThat(b.option(HUGE_PAGES, 0, ioas, 2)).isEqualTo("EINVAL");
    assertThat(b.option(HUGE_PAGES, 0, ioas, 1)).isEqualTo("OK");
    b.mock(ioas);
    b.mapf(ioas, b.buf, P, A0);
    assertThat(b.option(HUGE_PAGES, 0, ioas, 0)).isEqualTo("EINVAL");
    assertThat(b.option(9, 1, 0, 0)).isEqualTo("EOPNOTSUPP");
    assertThat(b.option(RLIMIT_MODE, 7, 0, 0)).isEqualTo("EOPNOTSUPP");
    assertThat(b.io(Uapi.IOMMU_OPTION, "op", 1, "__reserved", 1)).isEqualTo("EOPNOTSUPP");
    assertThat(b.option(RLIMIT_MODE, 1, 3, 0)).isEqualTo("EOPNOTSUPP");
  }

  @Test
  void c7AndC8Extensions() {
    assertThat(value(Uapi.VFIO_GET_API_VERSION.number(), 0)).isZero();
    long[][] wanted = {{3, 1}, {1, 1}, {9, 1}, {6, 0}, {10, 0}};
    for (long[] pair : wanted) {
      assertThat(value(Uapi.VFIO_CHECK_EXTENSION.number(), pair[0])).isEqualTo(pair[1]);
    }
    assertThat(call(Uapi.VFIO_CHECK_EXTENSION.number(), 4)).isEqualTo("ENODEV");
  }

  @Test
  void c9ToC11WithoutAnIoas() {
    assertThat(mapDma(1, 3, b.buf, 0, P)).isEqualTo("EINVAL");
    assertThat(mapDma(32, 1 << 31, b.buf, 0, P)).isEqualTo("EINVAL");
    assertThat(mapDma(32, 3, b.buf, 0, P)).isEqualTo("ENODEV");
    assertThat(unmapDma(1, 0, 0, P)).isEqualTo("EINVAL");
    assertThat(unmapDma(24, 1 << 31, 0, P)).isEqualTo("EINVAL");
    assertThat(unmapDma(24, 0, 0, P)).isEqualTo("ENODEV");
    assertThat(info(1)).isEqualTo("EINVAL");
    assertThat(info(24)).isEqualTo("ENODEV");
    assertThat(call(Uapi.VFIO_SET_IOMMU.number(), 3)).isEqualTo("ENODEV");
    assertThat(call(Uapi.VFIO_SET_IOMMU.number(), 1)).isEqualTo("ENODEV");
    assertThat(call(Uapi.VFIO_SET_IOMMU.number(), 7)).isEqualTo("EINVAL");
  }

  @Test
  void c12VfioIoasPointer() {
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 0)).isEqualTo("ENODEV");
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 1, "ioas_id", 0)).isEqualTo("ENOENT");
    int ioas = b.ioas();
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 1, "ioas_id", ioas)).isEqualTo("OK");
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 0)).isEqualTo("OK");
    assertThat(b.out(Uapi.IOMMU_VFIO_IOAS, "ioas_id")).isEqualTo(ioas);
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 2)).isEqualTo("OK");
    assertThat(b.io(Uapi.IOMMU_VFIO_IOAS, "op", 0)).isEqualTo("ENODEV");
  }

  @Test
  void c13Type1TurnsHugePagesOff() {
    int first = vfio(1);
    b.option(HUGE_PAGES, 1, first, 0);
    assertThat(b.optionValue()).isZero();
    int second = vfio(3);
    b.option(HUGE_PAGES, 1, second, 0);
    assertThat(b.optionValue()).isEqualTo(1);
  }

  private String info(int argsz) {
    byte[] filled = new byte[256];
    java.util.Arrays.fill(filled, (byte) 0xEE);
    ByteBuffer.wrap(filled).order(ByteOrder.LITTLE_ENDIAN).putInt(0, argsz);
    b.process.write(b.argument, filled);
    return call(Uapi.VFIO_IOMMU_GET_INFO.number(), b.argument);
  }

  @Test
  void c14ToC16InfoNeverOverrunsAndItsChainIsWhole() {
    vfio(3);
    assertThat(info(16)).isEqualTo("OK");
    assertThat(bytes(24).getInt(4)).isEqualTo(3);
    assertThat(bytes(24).getLong(8)).isNotZero();
    assertThat(bytes(24).getInt(16)).isEqualTo(0xEEEEEEEE);
    assertThat(info(24)).isEqualTo("OK");
    assertThat(bytes(24).getInt(16)).isZero();
    int total = bytes(24).getInt(0);
    assertThat(total).isEqualTo(72);
    for (int argsz = 24; argsz <= total; argsz++) {
      assertThat(info(argsz)).isEqualTo("OK");
      ByteBuffer all = bytes(256);
      for (int i = argsz; i < 256; i++) {
        assertThat(all.get(i)).as("byte %d of argsz %d", i, argsz).isEqualTo((byte) 0xEE);
      }
      assertThat(all.getInt(16)).isEqualTo(argsz == total ? 24 : 0);
    }
    ByteBuffer all = bytes(256);
    assertThat(all.getShort(24)).isEqualTo((short) 3);
    assertThat(all.getInt(28)).isEqualTo(40);
    assertThat(all.getShort(40)).isEqualTo((short) 1);
    assertThat(List.of(all.getLong(56), all.getLong(64))).containsExactly(A0, A1);
  }

  @Test
  void c17AndC18MapAndUnmapReportSizes() {
    vfio(3);
    assertThat(mapDma(32, 3, b.buf, A0, B)).isEqualTo("OK");
    assertThat(unmapDma(24, 0, A0, B)).isEqualTo("OK");
    assertThat(unmapped()).isEqualTo(B);
    assertThat(unmapDma(24, 0, A0, B)).isEqualTo("OK");
    assertThat(unmapped()).isZero();
    assertThat(mapDma(32, 3, b.buf, A0, B)).isEqualTo("OK");
    assertThat(unmapDma(24, 2, A0, 0)).isEqualTo("EINVAL");
    assertThat(unmapDma(24, 2, 0, 0)).isEqualTo("OK");
    assertThat(unmapped()).isEqualTo(B);
  }

  @Test
  void c19PagesCanGoInAnyOrder() {
    vfio(3);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 16; i++) {
      assertThat(mapDma(32, 3, b.buf + i * P, A0 + i * P, P)).isEqualTo("OK");
      order.add(i);
    }
    Collections.shuffle(order, new Random(1));
    for (int i : order) {
      assertThat(unmapDma(24, 0, A0 + i * P, P)).isEqualTo("OK");
    }
  }

  private void piecewise(int type, String wanted) {
    vfio(type);
    SyscallResult memory = b.process.alloc(2 * H, MemoryOptions.PLAIN.withPageSize(H));
    assertThat(mapDma(32, 3, memory.ret(), A0, 2 * H)).isEqualTo("OK");
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 16; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(2));
    long piece = 2 * H / 16;
    for (int i : order) {
      assertThat(unmapDma(24, 0, A0 + i * piece, piece)).isEqualTo(wanted);
    }
  }

  @Test
  void c20Version1CutsMappings() {
    piecewise(1, "OK");
  }

  @Test
  void c21Version2DoesNot() {
    piecewise(3, "ENOENT");
  }

  @Test
  void c22ToC24MoreRefusals() {
    vfio(3);
    assertThat(unmapDma(24, 1, A0, P)).isEqualTo("EINVAL");
    assertThat(call(Uapi.VFIO_IOMMU_DIRTY_PAGES.number(), b.argument)).isEqualTo("ENOTTY");
    assertThat(mapDma(32, 3, b.buf, A0, P)).isEqualTo("OK");
    assertThat(mapDma(32, 3, b.buf, A0, P)).isEqualTo("EEXIST");
    assertThat(unmapDma(24, 0, A0, 0)).isEqualTo("EINVAL");
  }
}
