package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lesson on SWIOTLB: VT-d off, a 32-bit device and a buffer above 4 GiB. */
final class SwiotlbLessonTest {

  private static final long BUFFER = 0x1_8000_0000L;
  private static final int SIZE = 6_000;

  @Test
  void machineOf2GibNeedsNoPool() {
    assertThat(DmaLab.withoutVtd(Era.V7_1, "", 2L << 30).api.view().swiotlb().total()).isZero();
  }

  @Test
  void machineOf8GibHasADefaultPoolBelow4Gib() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "");
    assertThat(lab.api.view().swiotlb().total()).isEqualTo(32_768);
    assertThat(lab.api.view().swiotlb().end()).isLessThanOrEqualTo(1L << 32);
    assertThat(lab.kernel.dmesg())
        .anyMatch(line -> line.contains("software IO TLB: mapped [mem 0x"))
        .anyMatch(
            line -> line.endsWith("PCI-DMA: Using software bounce buffering for IO (SWIOTLB)"));
  }

  @ParameterizedTest
  @EnumSource(names = {"V5_4", "V5_15", "V6_3", "V7_1"})
  void highBufferTakesThreeSlots(Era era) {
    DmaLab lab = DmaLab.withoutVtd(era, "");
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.address()).isLessThan(1L << 32);
    var pool = lab.api.view().swiotlb();
    assertThat(pool.used()).isEqualTo(3);
    assertThat(pool.slots().get(2).original()).isEqualTo(0x1_8000_1000L);
    assertThat((mapping.address() - pool.start()) / 2048 % 2).isZero();
  }

  @Test
  void deviceReadsOldDataUntilSync() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "");
    lab.memory.writeQword(BUFFER, 0x11);
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_TO_DEVICE, false);
    lab.memory.writeQword(BUFFER, 0x22);
    assertThat(lab.reads(DmaLab.OLD, mapping.address())).isEqualTo((byte) 0x11);
    lab.api.syncForDevice(lab.old, mapping.address(), SIZE, DmaDirection.DMA_TO_DEVICE);
    assertThat(lab.reads(DmaLab.OLD, mapping.address())).isEqualTo((byte) 0x22);
  }

  @Test
  void partialDeviceWriteChangesOnlyWhatItWrote() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "");
    lab.memory.writeQword(BUFFER + 96, 0x1122334455667788L);
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_FROM_DEVICE, false);
    lab.writes(DmaLab.OLD, mapping.address(), new int[100]);
    lab.api.unmap(lab.old, mapping.address(), SIZE, DmaDirection.DMA_FROM_DEVICE, false);
    assertThat(lab.memory.readQword(BUFFER + 96)).isEqualTo(0x1122334400000000L);
    assertThat(lab.api.view().swiotlb().used()).isZero();
  }

  @Test
  void moreThan256KibIsRefusedWithTheLogLine() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "");
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, 257 << 10, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.address()).isEqualTo(DmaMapping.ERROR);
    assertThat(lab.kernel.dmesg())
        .anyMatch(line -> line.contains("pci 0000:00:04.0: swiotlb buffer is full (sz: 263168"));
  }

  @Test
  void translatedDeviceNeedsNoCopy() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on");
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.address()).isEqualTo(0xFFFF_E000L);
    assertThat(lab.api.view().swiotlb().used()).isZero();
  }

  @Test
  void workingVtdFreedThePoolUpTo57() {
    assertThat(DmaLab.boot(Era.V5_7, "intel_iommu=on").api.view().swiotlb().total()).isZero();
    assertThat(DmaLab.boot(Era.V5_9, "intel_iommu=on").api.view().swiotlb().total())
        .isEqualTo(32_768);
    assertThat(DmaLab.withExternalNic(Era.V5_7, "intel_iommu=on").api.view().swiotlb().total())
        .isEqualTo(32_768);
  }

  @Test
  void withIommuOffNobodyHelps() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on iommu=off");
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.failed()).isTrue();
    assertThat(lab.api.view().swiotlb().total()).isZero();
  }

  @Test
  void leftBehindMappingsExhaustThePool() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "swiotlb=512");
    int mapped = 0;
    while (!lab.api.map(lab.old, BUFFER, 4096, DmaDirection.DMA_TO_DEVICE, false).failed()) {
      mapped++;
    }
    assertThat(mapped).isEqualTo(256);
  }

  @Test
  void forceBouncesEvenReachableBuffers() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "swiotlb=force");
    lab.api.map(lab.nic, 0x20_0000, 100, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(lab.api.view().swiotlb().used()).isEqualTo(1);
  }

  @Test
  void oldUnmapCopiesOutTwice() {
    assertThat(bouncesAtUnmap(Era.V5_4)).isEqualTo(2);
    assertThat(bouncesAtUnmap(Era.V5_12)).isEqualTo(2);
    assertThat(bouncesAtUnmap(Era.V7_1)).isEqualTo(1);
  }

  private static long bouncesAtUnmap(Era era) {
    DmaLab lab = DmaLab.withoutVtd(era, "");
    DmaMapping mapping = lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_FROM_DEVICE, false);
    List<String> calls =
        lab.traced(
            () ->
                lab.api.unmap(
                    lab.old, mapping.address(), SIZE, DmaDirection.DMA_FROM_DEVICE, false));
    return calls.stream().filter("swiotlb_bounce"::equals).count();
  }

  @Test
  void chainThen() {
    assertThat(chain(Era.V5_4))
        .containsExactly(
            "dma_map_page_attrs",
            "iommu_need_mapping",
            "dma_direct_map_page",
            "swiotlb_map",
            "swiotlb_tbl_map_single",
            "swiotlb_bounce");
  }

  @Test
  void chainNow() {
    assertThat(chain(Era.V7_1))
        .containsExactly(
            "dma_map_page_attrs",
            "dma_map_phys",
            "dma_direct_map_phys",
            "swiotlb_map",
            "swiotlb_tbl_map_single",
            "swiotlb_find_slots",
            "swiotlb_search_pool_area",
            "swiotlb_bounce");
  }

  private static List<String> chain(Era era) {
    DmaLab lab = DmaLab.withoutVtd(era, "");
    return lab.traced(() -> lab.api.map(lab.old, BUFFER, SIZE, DmaDirection.DMA_TO_DEVICE, false));
  }

  @Test
  void coherentMemoryNeverBounces() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "");
    CoherentBuffer buffer = lab.api.allocCoherent(lab.old, 0x3000, true, -1);
    assertThat(buffer.handle()).isEqualTo(buffer.frames().getFirst()).isLessThan(1L << 32);
    assertThat(lab.api.view().swiotlb().used()).isZero();
    assertThat(lab.api.freeCoherent(lab.old, buffer.cpuAddress(), buffer.handle()).failed())
        .isFalse();
  }
}
