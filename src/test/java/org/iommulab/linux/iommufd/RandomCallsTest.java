package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.iommufd.MockBench.A0;
import static org.iommulab.linux.iommufd.MockBench.P;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.iommufd.pages.IoptArea;
import org.iommulab.linux.iommufd.pages.IoptPages;
import org.iommulab.linux.mock.MockDomain;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiStruct;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand calls of every kind, most of them wrong: areas, pins and tables always agree. */
@ExtendWith(NothingLeaks.class)
final class RandomCallsTest {

  private static final int CALLS = 10_000;
  private static final int IDS = 32;
  private static final int MOCK = 0xDEADBEEF;

  private final MockBench b = new MockBench();
  private final Set<String> seen = new TreeSet<>();
  private final long far = b.process.alloc(64 * P, MemoryOptions.PLAIN.asScattered()).ret();
  private final long readOnly = b.process.alloc(16 * P, MemoryOptions.PLAIN.asReadOnly()).ret();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theBooksAgreeWhateverIsCalled(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < CALLS; i++) {
      if (random.nextInt(20) == 0) {
        b.lab.kernel.failures().failNth(1 + random.nextInt(12));
      }
      step(random);
      b.lab.kernel.failures().failNth(0);
      if (i % 50 == 0) {
        check(seed, i);
      }
    }
    check(seed, CALLS);
    assertThat(seen).as("the calls met many kinds of objects").contains("HW_QUEUE", "VDEVICE");
  }

  // ---- calls ------------------------------------------------------------------------------------

  private static int id(Random random) {
    return 1 + random.nextInt(IDS);
  }

  /** Mostly an object of that type, if there is one. */
  private int id(Random random, Class<? extends IommufdObject> type) {
    List<? extends IommufdObject> fitting =
        b.file.context().objects().stream().filter(type::isInstance).map(type::cast).toList();
    return fitting.isEmpty() || random.nextInt(8) == 0
        ? id(random)
        : fitting.get(random.nextInt(fitting.size())).id();
  }

  private long iova(Random random) {
    return A0 + random.nextInt(48) * P + (random.nextInt(10) == 0 ? 2048 : 0);
  }

  private static long length(Random random) {
    return (1 + random.nextInt(12)) * P - (random.nextInt(10) == 0 ? 2048 : 0);
  }

  private long memory(Random random) {
    long start = random.nextInt(12) * P;
    return switch (random.nextInt(4)) {
      case 0 -> far + start;
      case 1 -> readOnly + start;
      default -> b.buf + start;
    };
  }

  private int fd(Random random) {
    List<Integer> open = List.copyOf(b.process.openFiles().keySet());
    return open.get(random.nextInt(open.size()));
  }

  private void step(Random random) {
    switch (random.nextInt(34)) {
      case 0 -> b.io(Uapi.IOMMU_IOAS_ALLOC);
      case 1, 2, 3, 4 ->
          b.mapFlags(
              id(random, Ioas.class),
              memory(random),
              length(random),
              iova(random),
              random.nextInt(8));
      case 5, 6, 7 -> b.unmap(id(random, Ioas.class), iova(random), length(random));
      case 8 -> b.unmap(id(random, Ioas.class), 0, -1);
      case 9, 10 ->
          b.copy(
              id(random, Ioas.class),
              iova(random),
              length(random),
              id(random, Ioas.class),
              iova(random),
              7);
      case 11, 12 -> b.destroy(id(random));
      case 13 ->
          test(
              SelftestUapi.MOCK_DOMAIN_FLAGS,
              id(random, random.nextBoolean() ? Ioas.class : HwPagetable.class),
              "dev_flags",
              random.nextInt(8));
      case 14, 15 ->
          test(
              SelftestUapi.MOCK_DOMAIN_REPLACE,
              id(random, SelftestDevice.class),
              "pt_id",
              id(random, random.nextInt(3) == 0 ? Ioas.class : HwPagetable.class));
      case 16, 17 ->
          b.io(
              Uapi.IOMMU_HWPT_ALLOC,
              "dev_id",
              id(random, IommufdDevice.class),
              "pt_id",
              id(random, Ioas.class),
              "flags",
              random.nextInt(16),
              "fault_id",
              id(random, FaultQueue.class));
      case 18, 19 -> nested(random);
      case 20 ->
          b.io(
              Uapi.IOMMU_VIOMMU_ALLOC,
              "type",
              MOCK,
              "dev_id",
              id(random, IommufdDevice.class),
              "hwpt_id",
              id(random, HwptPaging.class));
      case 21 ->
          b.io(
              Uapi.IOMMU_VDEVICE_ALLOC,
              "viommu_id",
              id(random, Viommu.class),
              "dev_id",
              id(random, IommufdDevice.class),
              "virt_id",
              random.nextInt(4));
      case 22 ->
          b.io(
              Uapi.IOMMU_VEVENTQ_ALLOC,
              "viommu_id",
              id(random, Viommu.class),
              "type",
              0xBEEFBEEF,
              "veventq_depth",
              random.nextInt(4));
      case 23, 24 ->
          b.io(
              Uapi.IOMMU_HW_QUEUE_ALLOC,
              "viommu_id",
              id(random, Viommu.class),
              "type",
              MOCK,
              "index",
              random.nextInt(2),
              "nesting_parent_iova",
              iova(random),
              "length",
              P / 2);
      case 25 -> b.io(Uapi.IOMMU_FAULT_QUEUE_ALLOC);
      case 26 ->
          test(
              SelftestUapi.TRIGGER_IOPF,
              0,
              "dev_id",
              id(random, IommufdDevice.class),
              "pasid",
              random.nextInt(3),
              "grpid",
              random.nextInt(9));
      case 27 -> {
        b.process.readFile(fd(random), b.list, random.nextInt(5) * 40L);
        test(SelftestUapi.TRIGGER_VEVENT, 0, "dev_id", id(random, IommufdDevice.class));
      }
      case 28 -> answer(random);
      case 29, 30 -> pasid(random);
      case 31, 32 -> access(random);
      default -> {
        int fd = fd(random);
        if (fd != b.fd && random.nextInt(4) == 0) {
          b.process.close(fd);
        }
        b.option(1, 0, id(random, Ioas.class), random.nextInt(2));
      }
    }
  }

  private void test(UapiStruct operation, int object, Object... fields) {
    Object[] all = new Object[fields.length + 4];
    all[0] = "id";
    all[1] = object;
    all[2] = "op";
    all[3] = operation.field("op").preset();
    System.arraycopy(fields, 0, all, 4, fields.length);
    b.io(operation, all);
  }

  private void nested(Random random) {
    b.io(
        Uapi.IOMMU_HWPT_ALLOC,
        "dev_id",
        id(random, IommufdDevice.class),
        "pt_id",
        id(random, random.nextBoolean() ? HwptPaging.class : Viommu.class),
        "flags",
        random.nextBoolean() ? 8 : 12,
        "data_type",
        0xDEAD,
        "data_len",
        4,
        "data_uptr",
        b.list,
        "fault_id",
        id(random, FaultQueue.class));
  }

  private void answer(Random random) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    b.process.write(b.list, bytes.putInt(1 + random.nextInt(3)).putInt(random.nextInt(3)).array());
    b.process.writeFile(fd(random), b.list, 8);
  }

  private void pasid(Random random) {
    UapiStruct operation =
        List.of(SelftestUapi.PASID_ATTACH, SelftestUapi.PASID_REPLACE, SelftestUapi.PASID_DETACH)
            .get(random.nextInt(3));
    int device = id(random, SelftestDevice.class);
    int pasid = 1 + random.nextInt(3);
    if (operation == SelftestUapi.PASID_DETACH) {
      test(operation, device, "pasid", pasid);
    } else {
      test(operation, device, "pasid", pasid, "pt_id", id(random, HwPagetable.class));
    }
  }

  private void access(Random random) {
    switch (random.nextInt(5)) {
      case 0 ->
          test(SelftestUapi.CREATE_ACCESS, id(random, Ioas.class), "flags", random.nextInt(2));
      case 1 ->
          test(
              SelftestUapi.ACCESS_PAGES,
              fd(random),
              "flags",
              1 << 16 | random.nextInt(2),
              "iova",
              iova(random),
              "length",
              length(random));
      case 2 ->
          test(
              SelftestUapi.DESTROY_ACCESS_PAGES,
              fd(random),
              "access_pages_id",
              1 + random.nextInt(20));
      case 3 ->
          test(SelftestUapi.ACCESS_REPLACE_IOAS, fd(random), "ioas_id", id(random, Ioas.class));
      default ->
          test(
              SelftestUapi.ACCESS_RW,
              fd(random),
              "iova",
              iova(random) + random.nextInt(4096),
              "length",
              random.nextInt(5000),
              "uptr",
              b.list);
    }
  }

  // ---- what must hold ---------------------------------------------------------------------------

  private void check(long seed, int step) {
    String when = "seed " + seed + ", call " + step;
    Set<IoptPages> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (IommufdObject object : b.file.context().objects()) {
      seen.add(object.type());
      assertThat(object.users()).as(when).isEqualTo(1 + object.holders().size());
      if (object instanceof Ioas ioas) {
        ioas.table().areas().all().forEach(area -> all.add(area.source()));
        tablesShowEveryArea(when, ioas);
      }
    }
    long wanted = 0;
    for (IoptPages pages : all) {
      long held = 0;
      for (long index = 0; index < pages.pages(); index++) {
        held += pages.storedIn(index, null) != null || pages.isHeld(index) ? 1 : 0;
      }
      assertThat(pages.npinned()).as(when).isEqualTo(held);
      wanted += held;
    }
    assertThat(b.process.memory().pinnedPages()).as(when).isEqualTo(wanted);
    assertThat(b.process.user().lockedPages()).as(when).isEqualTo(wanted);
  }

  private void tablesShowEveryArea(String when, Ioas ioas) {
    for (HwptPaging hwpt : ioas.hwpts()) {
      var domain = (MockDomain) hwpt.domain();
      long mapped = 0;
      for (IoptArea area : ioas.table().areas().all()) {
        mapped += area.length() / MockDomain.PAGE;
        for (long iova = area.start(); iova <= area.last(); iova += MockDomain.PAGE) {
          long user = area.source().userAddress() + area.byteOf(iova);
          assertThat(domain.iovaToPhys(iova))
              .as(when)
              .isEqualTo(b.process.pfn(user) << 12 | user & 4095);
        }
      }
      assertThat((long) domain.mappedPages()).as(when).isEqualTo(mapped);
    }
  }
}
