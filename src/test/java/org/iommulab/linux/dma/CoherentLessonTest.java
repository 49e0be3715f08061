package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.iova.IovaView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lesson on coherent mappings: what each step must show, then and now. */
final class CoherentLessonTest {

  private static final long BLOCK = 0x1_2345_C000L;

  private static String strict(Era era) {
    return era.atLeast(Era.V5_15) ? "intel_iommu=on iommu.strict=1" : "intel_iommu=on,strict";
  }

  @ParameterizedTest
  @EnumSource(names = {"V5_4", "V5_9", "V5_12", "V6_3", "V6_12", "V6_18"})
  void twelveKilobytesThenFour(Era era) {
    DmaLab lab = DmaLab.boot(era, strict(era));
    CoherentBuffer first = lab.api.allocCoherent(lab.nic, 0x3000, true, BLOCK);
    assertThat(first.handle()).isEqualTo(0xFFFF_C000L);
    assertThat(lab.phys(DmaLab.NIC, 0xFFFF_E000L)).isEqualTo(0x1_2345_E000L);
    CoherentBuffer second = lab.api.allocCoherent(lab.nic, 0x1000, true, -1);
    assertThat(second.handle()).isEqualTo(0xFFFF_B000L);
  }

  @ParameterizedTest
  @EnumSource(names = {"V5_4", "V6_3", "V6_18"})
  void strictFreeInvalidatesFourPagesAtOnceAndTheCacheGivesTheAddressAgain(Era era) {
    DmaLab lab = DmaLab.boot(era, strict(era));
    CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, 0x3000, true, BLOCK);
    lab.api.allocCoherent(lab.nic, 0x1000, true, -1);
    assertThat(lab.writes(DmaLab.NIC, buffer.handle() + 0x2FFF, 0x5A)).isTrue();
    assertThat(lab.iotlbHolds(0xFFFF_E000L)).isTrue();
    int tree = lab.domainOfNic().iova().nodes().size();

    long before = lab.invalidations();
    List<String> calls =
        lab.traced(() -> lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle()));
    assertThat(lab.invalidations() - before).isEqualTo(1);
    assertThat(lab.iotlbHolds(0xFFFF_E000L)).isFalse();
    assertThat(calls).contains("qi_submit_sync", "iova_rcache_insert");

    assertThat(lab.api.allocCoherent(lab.nic, 0x3000, true, BLOCK).handle())
        .isEqualTo(0xFFFF_C000L);
    assertThat(lab.domainOfNic().iova().nodes()).hasSize(tree);
  }

  @Test
  void strictFlushHasAddressMaskTwo() {
    DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on iommu.strict=1");
    CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, 0x3000, true, BLOCK);
    lab.trace.take();
    lab.trace.setOn(true);
    lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());
    assertThat(lab.trace.take().toString()).contains("mask 2, address 0xffffc000");
  }

  @ParameterizedTest
  @EnumSource(names = {"V5_4", "V6_3", "V6_18"})
  void lazyFreeLeavesTheDeviceAWindowOfTenMilliseconds(Era era) {
    DmaLab lab = DmaLab.boot(era, "intel_iommu=on");
    CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, 0x3000, true, BLOCK);
    assertThat(lab.writes(DmaLab.NIC, buffer.handle(), 1)).isTrue();
    lab.time = 5_000;
    long before = lab.invalidations();
    lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());

    assertThat(lab.invalidations()).isEqualTo(before);
    assertThat(lab.writes(DmaLab.NIC, buffer.handle(), 2)).isTrue();
    assertThat(lab.api.view().exposed())
        .containsExactly(new DmaView.Exposed(1, 0, 0xFFFF_C000L, exposedBytes(era), 5_000));

    lab.pass(9_999_999);
    assertThat(lab.writes(DmaLab.NIC, buffer.handle(), 3)).isTrue();
    lab.pass(1);
    assertThat(lab.writes(DmaLab.NIC, buffer.handle(), 4)).isFalse();
    assertThat(lab.invalidations()).isEqualTo(before + 1);
    assertThat(lab.api.view().exposed()).isEmpty();
    assertThat(lab.domainOfNic().liveRanges()).isZero();
  }

  /** The old driver queued the rounded size. */
  private static long exposedBytes(Era era) {
    return era == Era.V5_4 ? 0x4000 : 0x3000;
  }

  @Test
  void lazyFlushIsOneForTheWholeDomain() {
    DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on");
    var buffers = new ArrayList<CoherentBuffer>();
    for (int i = 0; i < 20; i++) {
      buffers.add(lab.api.allocCoherent(lab.nic, 0x1000, true, -1));
    }
    for (CoherentBuffer buffer : buffers) {
      lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());
    }
    long before = lab.invalidations();
    List<String> calls = lab.traced(() -> lab.pass(10_000_000));
    assertThat(lab.invalidations()).isEqualTo(before + 1);
    assertThat(calls).startsWith("fq_flush_timeout", "fq_flush_iotlb", "cache_tag_flush_all");
  }

  @Test
  void fullRingFlushesBeforeTheTimer() {
    DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on");
    var buffers = new ArrayList<CoherentBuffer>();
    for (int i = 0; i < 256; i++) {
      buffers.add(lab.api.allocCoherent(lab.nic, 0x1000, true, -1));
    }
    long before = lab.invalidations();
    for (CoherentBuffer buffer : buffers.subList(0, 255)) {
      lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());
    }
    assertThat(lab.invalidations()).isEqualTo(before);
    assertThat(lab.api.view().exposed()).hasSize(255);
    CoherentBuffer last = buffers.getLast();
    lab.api.freeCoherent(lab.nic, last.cpuAddress(), last.handle());
    assertThat(lab.invalidations()).isEqualTo(before + 1);
    assertThat(lab.api.view().exposed()).hasSize(1);
  }

  @Test
  void fiveFourFreesOf129LeaveOneAnd128() {
    DmaLab lab = DmaLab.boot(Era.V5_4, strict(Era.V5_4));
    var buffers = new ArrayList<CoherentBuffer>();
    for (int i = 0; i < 129; i++) {
      buffers.add(lab.api.allocCoherent(lab.nic, 0x4000, true, -1));
    }
    for (CoherentBuffer buffer : buffers) {
      lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());
    }
    IovaView.CpuCache cpu0 = lab.domainOfNic().iova().caches().get(2).cpus().getFirst();
    assertThat(cpu0.loaded()).hasSize(1);
    assertThat(cpu0.previous()).hasSize(128);
  }

  @Test
  void reusedPageInsideTheWindowIsCorrupted() {
    DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on");
    CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, 0x1000, true, BLOCK);
    lab.writes(DmaLab.NIC, buffer.handle(), 1);
    lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());
    assertThat(lab.api.buffers().kmalloc(4096, BLOCK, false).status().failed()).isFalse();
    lab.memory.writeQword(BLOCK, 0x600D);
    lab.writes(DmaLab.NIC, buffer.handle(), 0xEE);
    assertThat(lab.memory.readQword(BLOCK)).isEqualTo(0x60EE);
  }

  @Test
  void scatteredPagesToday() {
    DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on");
    List<String> calls = lab.traced(() -> lab.api.allocCoherent(lab.nic, 0x3000, true, -1));
    assertThat(calls)
        .containsSubsequence(
            "dma_alloc_attrs",
            "iommu_dma_alloc",
            "iommu_dma_alloc_remap",
            "__iommu_dma_alloc_pages",
            "iommu_dma_alloc_iova",
            "alloc_iova_fast",
            "alloc_iova",
            "__alloc_and_insert_iova_range",
            "iommu_map_sg",
            "__domain_mapping");
  }

  @Test
  void oneBlockThen() {
    DmaLab lab = DmaLab.boot(Era.V5_4, "intel_iommu=on");
    List<String> calls = lab.traced(() -> lab.api.allocCoherent(lab.nic, 0x3000, true, -1));
    assertThat(calls)
        .containsSubsequence(
            "dma_alloc_attrs",
            "iommu_need_mapping",
            "intel_alloc_coherent",
            "dma_alloc_from_contiguous",
            "alloc_pages",
            "__intel_map_single",
            "intel_alloc_iova",
            "alloc_iova_fast",
            "alloc_iova",
            "alloc_iova_mem",
            "__alloc_and_insert_iova_range",
            "domain_pfn_mapping",
            "domain_mapping",
            "__domain_mapping");
  }

  @Test
  void allocationThatFailsLeavesNothing() {
    for (int nth = 1; nth <= 8; nth++) {
      DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on iommu.strict=1");
      long frames = lab.kernelFrames();
      lab.failAllocation(nth);
      CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, 0x3000, true, -1);
      lab.failAllocation(0);
      if (buffer.status().failed()) {
        assertThat(lab.domainOfNic().liveRanges()).as("n=%d", nth).isZero();
        assertThat(lab.kernelFrames()).as("n=%d", nth).isLessThanOrEqualTo(frames + 3);
        assertThat(lab.api.allocCoherent(lab.nic, 0x3000, true, -1).status().failed()).isFalse();
      }
    }
  }
}
