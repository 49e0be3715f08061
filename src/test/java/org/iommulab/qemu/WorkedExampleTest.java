package org.iommulab.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.FakeUnit;
import org.iommulab.linux.Lab;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallFrame.EntryWrite;
import org.junit.jupiter.api.Test;

/** 514 pages in two runs, the worked example of the map chain: three calls, seven entries. */
final class WorkedExampleTest {

  private static final long IOVA = 0x1_003F_F000L;
  private static final long SIZE = 0x20_2000L;

  /** A guest with the example's frames, one device assigned, tracing on. */
  private static final class Guest {
    final Lab lab;
    final Vmm vmm;
    final long vaddr;

    Guest(Lab lab, int iommuType) {
      this.lab = lab;
      vmm = new Vmm(lab.kernel.createProcess("qemu"), lab.trace);
      vmm.setIommuType(iommuType);
      SyscallResult device = vmm.assignDevice(0, SourceId.of(0, 3, 0));
      assertThat(device.errno()).describedAs("%s %s", device.cause(), vmm.messages()).isNull();
      vaddr =
          vmm.allocateRam(
                  SIZE,
                  MemoryOptions.PLAIN.onFrames(
                      List.of(
                          new MemoryOptions.Frames(0x17FFFF, 513),
                          new MemoryOptions.Frames(0xA3C7, 1))))
              .ret();
      lab.unit.takeDescriptors();
      lab.trace();
    }
  }

  private final Guest guest = new Guest(Lab.boot("intel_iommu=on"), 3);
  private final Lab lab = guest.lab;
  private final Vmm vmm = guest.vmm;
  private final long vaddr = guest.vaddr;

  private List<EntryWrite> writes(List<CallFrame> frames) {
    return lab.calls(frames, "__domain_mapping").stream()
        .flatMap(frame -> frame.writes().stream())
        .toList();
  }

  private DomainView domain() {
    return lab.kernel.domains().stream()
        .filter(domain -> domain.owner().startsWith("iommufd"))
        .findFirst()
        .orElseThrow();
  }

  private static String arguments(CallFrame frame) {
    return frame.arguments().stream()
        .filter(argument -> argument.hex())
        .map(argument -> String.format(Locale.ROOT, "%X", argument.value()))
        .collect(Collectors.joining(" "));
  }

  @Test
  void twoRunsBecomeTwoCallsAndThreePageSizeSteps() {
    assertThat(vmm.vfioDmaMap(IOVA, SIZE, vaddr, false).errno()).isNull();
    List<CallFrame> frames = lab.trace.take();

    assertThat(lab.calls(frames, "batch_to_domain").getFirst().effects())
        .containsExactly("batch {17FFFF x 513} {A3C7 x 1}");
    assertThat(lab.calls(frames, "iommu_map"))
        .extracting(WorkedExampleTest::arguments)
        .containsExactly("1003FF000 17FFFF000 201000 7", "100600000 A3C7000 1000 7");
    assertThat(lab.calls(frames, "iommu_pgsize"))
        .extracting(CallFrame::result)
        .containsExactly("4K x 1", "2M x 1", "4K x 1");
  }

  @Test
  void sevenEntriesAreWrittenInOrder() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    List<EntryWrite> writes = writes(lab.trace.take());

    long root = domain().root();
    assertThat(writes)
        .extracting(EntryWrite::where)
        .containsExactly("PML4[0]", "PDPT[4]", "PD[1]", "PT[511]", "PD[2]", "PD[3]", "PT[0]");
    long pdpt = writes.get(0).after() & -4096L;
    long pd = writes.get(1).after() & -4096L;
    long low = writes.get(2).after() & -4096L;
    long high = writes.get(5).after() & -4096L;
    assertThat(writes)
        .extracting(EntryWrite::address)
        .containsExactly(root, pdpt + 0x20, pd + 8, low + 0xFF8, pd + 0x10, pd + 0x18, high);
    assertThat(writes)
        .extracting(EntryWrite::after)
        .containsExactly(
            pdpt | 3, pd | 3, low | 3, 0x17FFFF803L, 0x180000883L, high | 3, 0xA3C7803L);
    for (EntryWrite write : writes) {
      assertThat(lab.memory.readQword(write.address())).isEqualTo(write.after());
    }
  }

  @Test
  void theWholeChainIsTraced() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    CallFrame frame = lab.trace.take().getFirst();

    for (String function :
        List.of(
            "vfio_dma_map",
            "ioctl",
            "iommufd_vfio_ioctl",
            "iommufd_vfio_map_dma",
            "iopt_map_user_pages",
            "iopt_map_common",
            "iopt_map_pages",
            "iopt_fill_domains_pages",
            "iopt_area_fill_domains",
            "batch_to_domain",
            "iommu_map",
            "iommu_map_nosync",
            "intel_iommu_map_pages",
            "intel_iommu_map",
            "__domain_mapping")) {
      assertThat(frame.function()).isEqualTo(function);
      CallFrame parent = frame;
      frame =
          parent.children().stream()
              .filter(
                  child ->
                      !List.of("pin_user_pages_fast", "iopt_alloc_area_pages", "iommu_pgsize")
                          .contains(child.function()))
              .findFirst()
              .orElse(parent);
    }
  }

  @Test
  void mappingNeedsNoInvalidationWithoutCachingMode() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    assertThat(lab.unit.takeDescriptors()).isEmpty();
  }

  @Test
  void unmapInvalidatesOncePerPageSize() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    long did = domain().attachments().getFirst().domainId();
    assertThat(vmm.vfioDmaUnmap(IOVA, SIZE).errno()).isNull();

    String qw0 = String.format(Locale.ROOT, "%X", 0xF2 | did << 16);
    qw0 = String.format(Locale.ROOT, "%X", did << 16 | 0xF2);
    assertThat(lab.unit.waits()).isEqualTo(3);
    assertThat(lab.unit.takeDescriptors())
        .hasToString(
            String.format(
                Locale.ROOT, "[%s / 1003FF040, %s / 100400049, %s / 100600040]", qw0, qw0, qw0));
    assertThat(vmm.process().memory().pinnedPages()).isZero();
    assertThat(vmm.process().memory().unpinned()).isTrue();
  }

  @Test
  void olderKernelsLoseTheLeafHint() {
    var old = new Guest(Lab.boot(BootOptions.of("intel_iommu=on").withEra(Era.V6_3)), 3);
    old.vmm.vfioDmaMap(IOVA, SIZE, old.vaddr, false);
    old.vmm.vfioDmaUnmap(IOVA, SIZE);
    assertThat(old.lab.unit.takeDescriptors())
        .extracting(FakeUnit.Descriptor::qw1)
        .containsExactly(0x1003FF000L, 0x100400009L, 0x100600000L);
  }

  @Test
  void theGenericWalkerWritesTheSameEntriesAndFlushesOnce() {
    var current =
        new Guest(
            Lab.boot(
                BootOptions.of("intel_iommu=on").withEra(Era.V7_1).withWalker(Walker.GENERIC_PT)),
            3);
    assertThat(current.vmm.vfioDmaMap(IOVA, SIZE, current.vaddr, false).errno()).isNull();
    List<CallFrame> frames = current.lab.trace.take();
    List<EntryWrite> writes =
        lab.calls(frames, "map_range").stream().flatMap(WorkedExampleTest::allWrites).toList();
    assertThat(writes)
        .extracting(EntryWrite::where)
        .containsExactlyInAnyOrder(
            "PML4[0]", "PDPT[4]", "PD[1]", "PT[511]", "PD[2]", "PD[3]", "PT[0]");
    assertThat(writes)
        .extracting(EntryWrite::after)
        .contains(0x17FFFF803L, 0x180000883L, 0xA3C7803L);
    assertThat(current.vmm.vfioDmaUnmap(IOVA, SIZE).errno()).isNull();
    assertThat(current.lab.unit.takeDescriptors())
        .extracting(FakeUnit.Descriptor::qw1)
        .containsExactly(0x10000004BL);
  }

  private static Stream<EntryWrite> allWrites(CallFrame frame) {
    return Stream.concat(
        frame.writes().stream(), frame.children().stream().flatMap(WorkedExampleTest::allWrites));
  }

  @Test
  void secondMapIsRefusedAndNotRetried() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    lab.trace.take();
    SyscallResult again = vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    assertThat(again.errno()).isEqualTo(Errno.EEXIST);
    assertThat(vmm.messages()).containsExactly("VFIO_MAP_DMA failed: File exists");
    List<CallFrame> frames = lab.trace.take();
    assertThat(lab.calls(frames, "ioctl")).hasSize(1);
    assertThat(lab.calls(frames, "iopt_alloc_area_pages").getFirst().errno()).isEqualTo("EEXIST");
  }

  @Test
  void halfAnUnmapIsRefusedAndChangesNothing() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    List<EntryWrite> writes = writes(lab.trace.take());
    assertThat(vmm.vfioDmaUnmap(IOVA, SIZE / 2).errno()).isEqualTo(Errno.ENOENT);
    for (EntryWrite write : writes) {
      assertThat(lab.memory.readQword(write.address())).isEqualTo(write.after());
    }
  }

  @Test
  void readOnlyLeavesOutTheWriteBit() {
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, true);
    assertThat(writes(lab.trace.take()))
        .extracting(EntryWrite::after)
        .contains(0x17FFFF801L, 0x180000881L, 0xA3C7801L);
  }

  @Test
  void type1MapsPageByPage() {
    var small = new Guest(Lab.boot("intel_iommu=on"), 1);
    small.vmm.vfioDmaMap(IOVA, SIZE, small.vaddr, false);
    List<CallFrame> frames = small.lab.trace.take();
    assertThat(small.lab.calls(frames, "iommu_map")).hasSize(514);
  }

  @Test
  void withoutSuperpagesTwoCallsWriteEveryPage() {
    var small = new Guest(Lab.boot("intel_iommu=on,sp_off"), 3);
    small.vmm.vfioDmaMap(IOVA, SIZE, small.vaddr, false);
    List<CallFrame> frames = small.lab.trace.take();
    assertThat(small.lab.calls(frames, "iommu_map")).hasSize(2);
    assertThat(writes(frames).stream().filter(w -> w.where().startsWith("PT["))).hasSize(514);
  }

  @Test
  void lockLimitUndoesEverything() {
    vmm.process().setMemlockLimit(513 * 4096);
    SyscallResult result = vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    assertThat(result.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(result.cause()).contains("RLIMIT_MEMLOCK");
    assertThat(vmm.process().memory().unpinned()).isTrue();
    assertThat(lab.kernel.iommufdObjects().stream().flatMap(o -> o.areas().stream())).isEmpty();
    assertThat(((PagingDomain) lab.kernel.domain(domain().id())).iovaToPhys(IOVA)).isEqualTo(-1);
    vmm.process().setMemlockLimit(514 * 4096);
    assertThat(vmm.vfioDmaMap(IOVA, SIZE, vaddr, false).errno()).isNull();
  }

  @Test
  void cachingModeCostsAFlushForEachMap() {
    Lab virtual =
        Lab.boot(FakeUnit.CAP_L | 0x80, FakeUnit.ECAP_L, BootOptions.of("intel_iommu=on"));
    var shadowed = new Guest(virtual, 3);
    assertThat(shadowed.vmm.vfioDmaMap(IOVA, SIZE, shadowed.vaddr, false).errno()).isNull();
    assertThat(virtual.unit.takeDescriptors())
        .extracting(FakeUnit.Descriptor::qw1)
        .containsExactly(0x10000000BL, 0x100600000L);
  }

  @Test
  void closingReleasesEverything() {
    long before = lab.kernel.domains().size();
    vmm.vfioDmaMap(IOVA, SIZE, vaddr, false);
    vmm.process().exit();
    assertThat(lab.kernel.domains()).hasSize((int) before - 1);
    assertThat(lab.kernel.groups().getFirst().owner()).isNull();
    assertThat(lab.kernel.groups().getFirst().domain())
        .isEqualTo(lab.kernel.groups().getFirst().defaultDomain());
  }
}
