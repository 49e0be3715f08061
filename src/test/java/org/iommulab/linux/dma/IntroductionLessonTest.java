package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.junit.jupiter.api.Test;

/** The same DMA under four regimes, and what the API does with lists, masks and mistakes. */
final class IntroductionLessonTest {

  private static final long BUFFER = 0x1_8000_0000L;

  @Test
  void withoutVtdTheAddressIsPhysicalAndNothingIsProtected() {
    DmaLab lab = DmaLab.withoutVtd(Era.V7_1, "");
    DmaMapping mapping = lab.api.map(lab.nic, BUFFER, 1500, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.address()).isEqualTo(BUFFER);
    assertThat(lab.writes(DmaLab.ROGUE, BUFFER, 0x66)).isTrue();
    assertThat(lab.memory.readQword(BUFFER)).isEqualTo(0x66);
  }

  @Test
  void translatedBufferIsBelow4GibReadOnlyAndTheDevicesOwn() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on");
    lab.memory.writeQword(BUFFER, 0x77);
    DmaMapping mapping = lab.api.map(lab.nic, BUFFER, 1500, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.address()).isEqualTo(0xFFFF_F000L);
    assertThat(lab.phys(DmaLab.NIC, mapping.address())).isEqualTo(BUFFER);
    assertThat(lab.reads(DmaLab.NIC, mapping.address())).isEqualTo((byte) 0x77);
    assertThat(lab.iotlbHolds(mapping.address())).isTrue();
    assertThat(lab.writes(DmaLab.ROGUE, BUFFER, 1)).isFalse();
    assertThat(lab.writes(DmaLab.NIC, mapping.address(), 1)).isFalse();
    // The granule is a page: the byte behind the buffer is readable too.
    assertThat(lab.reads(DmaLab.NIC, mapping.address() + 1500)).isZero();
    assertThat(lab.memory.readQword(BUFFER)).isEqualTo(0x77);
  }

  @Test
  void offsetInThePageIsKept() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on");
    DmaMapping mapping =
        lab.api.map(lab.nic, BUFFER + 0xF80, 0x100, DmaDirection.DMA_FROM_DEVICE, false);
    assertThat(mapping.address()).isEqualTo(0xFFFF_EF80L);
    assertThat(
            lab.api
                .unmap(lab.nic, mapping.address(), 0x100, DmaDirection.DMA_FROM_DEVICE, false)
                .failed())
        .isFalse();
  }

  @Test
  void passThroughIsDirectForWideAndBouncedForNarrowDevices() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on iommu=pt");
    assertThat(map(lab, lab.nic)).isEqualTo(BUFFER);
    assertThat(map(lab, lab.old)).isLessThan(1L << 32);
    assertThat(lab.api.view().swiotlb().used()).isEqualTo(1);
  }

  @Test
  void oldKernelMovedNarrowDeviceOutOfPassThroughAtItsFirstMapping() {
    DmaLab lab = DmaLab.boot(Era.V5_4, "intel_iommu=on iommu=pt");
    assertThat(map(lab, lab.nic)).isEqualTo(BUFFER);
    assertThat(map(lab, lab.old)).isEqualTo(0xFFFF_F000L);
    assertThat(lab.kernel.dmesg())
        .anyMatch(line -> line.contains("00:04.0: 32bit DMA uses non-identity mapping"));
    assertThat(lab.reads(DmaLab.OLD, 0xFFFF_F000L)).isZero();
    assertThat(lab.reads(DmaLab.NIC, BUFFER)).isZero();
  }

  private static long map(DmaLab lab, DmaDevice device) {
    return lab.api.map(device, BUFFER, 1500, DmaDirection.DMA_TO_DEVICE, false).address();
  }

  @Test
  void untrustedDeviceGetsACopyOfAPartialPage() {
    DmaLab lab = DmaLab.withExternalNic(Era.V7_1, "intel_iommu=on");
    lab.memory.writeQword(BUFFER + 2000, 0x5EC2E7);
    DmaMapping mapping = lab.api.map(lab.nic, BUFFER, 1500, DmaDirection.DMA_BIDIRECTIONAL, false);
    assertThat(lab.api.view().swiotlb().used()).isEqualTo(2);
    assertThat(lab.reads(DmaLab.NIC, mapping.address() + 2000)).isZero();
    lab.writes(DmaLab.NIC, mapping.address(), 0x42);
    lab.api.unmap(lab.nic, mapping.address(), 1500, DmaDirection.DMA_BIDIRECTIONAL, false);
    assertThat(lab.memory.readQword(BUFFER)).isEqualTo(0x42);
    assertThat(lab.api.view().swiotlb().used()).isZero();
  }

  @Test
  void wholePagesOfUntrustedDevicesAreMappedThemselves() {
    DmaLab lab = DmaLab.withExternalNic(Era.V7_1, "intel_iommu=on");
    lab.api.map(lab.nic, BUFFER, 8192, DmaDirection.DMA_BIDIRECTIONAL, false);
    assertThat(lab.api.view().swiotlb().used()).isZero();
  }

  @Test
  void wholeListGetsOneRangeAndNeighboursAreJoined() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on iommu.strict=1");
    SgMapping mapping =
        lab.api.mapSg(
            lab.nic,
            List.of(
                new SgMapping.Entry(BUFFER + 0x800, 0x800),
                new SgMapping.Entry(BUFFER + 0x5000, 0x1000),
                new SgMapping.Entry(BUFFER + 0x9000, 0x200),
                new SgMapping.Entry(BUFFER + 0xA100, 0x100)),
            DmaDirection.DMA_BIDIRECTIONAL);
    assertThat(mapping.segments())
        .containsExactly(
            new SgMapping.Segment(0xFFFF_C800L, 0x800 + 0x1000 + 0x200),
            new SgMapping.Segment(0xFFFF_F100L, 0x100));
    lab.writes(DmaLab.NIC, 0xFFFF_D000L, 0x99);
    assertThat(lab.memory.readQword(BUFFER + 0x5000)).isEqualTo(0x99);
    assertThat(
            lab.api.unmapSg(lab.nic, mapping.segments(), DmaDirection.DMA_BIDIRECTIONAL).failed())
        .isFalse();
    assertThat(lab.domainOfNic().liveRanges()).isZero();
    assertThat(lab.writes(DmaLab.NIC, 0xFFFF_D000L, 1)).isFalse();
  }

  @Test
  void oldListsAreNotJoined() {
    DmaLab lab = DmaLab.boot(Era.V5_4, "intel_iommu=on,strict");
    var entries =
        List.of(new SgMapping.Entry(BUFFER, 0x1000), new SgMapping.Entry(BUFFER + 0x5000, 0x1000));
    SgMapping mapping = lab.api.mapSg(lab.nic, entries, DmaDirection.DMA_TO_DEVICE);
    assertThat(mapping.segments())
        .containsExactly(
            new SgMapping.Segment(0xFFFF_E000L, 0x1000),
            new SgMapping.Segment(0xFFFF_F000L, 0x1000));
    lab.api.unmapSg(lab.nic, mapping.segments(), DmaDirection.DMA_TO_DEVICE);
    assertThat(lab.domainOfNic().liveRanges()).isZero();
  }

  @Test
  void chainThen() {
    DmaLab lab = DmaLab.boot(Era.V5_4, "intel_iommu=on");
    assertThat(lab.traced(() -> map(lab, lab.nic)))
        .containsSubsequence(
            "dma_map_page_attrs",
            "iommu_need_mapping",
            "intel_map_page",
            "__intel_map_single",
            "intel_alloc_iova",
            "alloc_iova_fast",
            "domain_pfn_mapping",
            "domain_mapping",
            "__domain_mapping");
  }

  @Test
  void chainNow() {
    DmaLab lab = DmaLab.boot(Era.V6_18, "intel_iommu=on");
    assertThat(lab.traced(() -> map(lab, lab.nic)))
        .containsSubsequence(
            "dma_map_page_attrs",
            "dma_map_phys",
            "iommu_dma_map_phys",
            "__iommu_dma_map",
            "iommu_dma_alloc_iova",
            "alloc_iova_fast",
            "iommu_map");
  }

  @Test
  void fullLowSpaceIsSaidOnceAndTheNextAddressesAreHigh() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on");
    lab.api.reserve(lab.nic, 0x1000, 0xFFFF_FFFFL);
    assertThat(map(lab, lab.nic)).isGreaterThan(0xFFFF_FFFFL);
    assertThat(map(lab, lab.nic)).isGreaterThan(0xFFFF_FFFFL);
    assertThat(lab.kernel.dmesg().stream().filter(line -> line.contains("-bit DMA addresses")))
        .hasSize(1);
  }

  @Test
  void forceDacGoesHighAtOnce() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on iommu.forcedac=1");
    assertThat(map(lab, lab.nic)).isGreaterThan(0xFFFF_FFFFL);
    assertThat(map(lab, lab.old)).isLessThanOrEqualTo(0xFFFF_FFFFL);
  }

  @Test
  void everyViewFieldIsThere() {
    DmaLab lab = DmaLab.boot(Era.V7_1, "intel_iommu=on");
    map(lab, lab.nic);
    DmaView view = lab.api.view();
    assertThat(view.devices()).extracting(DmaView.Device::way).containsOnly("translated");
    assertThat(view.domains()).hasSize(3);
    assertThat(view.domains().getFirst().queue()).isNotNull();
    var names = new ArrayList<String>();
    view.devices().forEach(device -> names.add(device.name()));
    assertThat(names).containsExactly("nic", "old", "rogue");
  }
}
