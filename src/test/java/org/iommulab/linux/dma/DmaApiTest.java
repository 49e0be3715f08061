package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.iova.IovaView;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What drivers ask of the DMA API beside plain buffers. */
final class DmaApiTest {

  private static final long HIGH = 0x1_8000_0000L;
  private static final long REGISTERS = 0xD000_0000L;
  private static final String STRICT = "intel_iommu=on,strict iommu.strict=1";

  // ---- resources --------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"V5_4", "V6_18"})
  void registersOfAnotherDeviceGetAnAddressOfTheDomain(Era era) {
    DmaLab lab = DmaLab.boot(era, STRICT);
    DmaMapping mapping =
        lab.api.mapResource(lab.nic, REGISTERS + 0x10, 0x100, DmaDirection.DMA_BIDIRECTIONAL);
    assertThat(mapping.failed()).isFalse();
    assertThat(lab.phys(DmaLab.NIC, mapping.address())).isEqualTo(REGISTERS + 0x10);
    lab.api.unmapResource(lab.nic, mapping.address(), 0x100, DmaDirection.DMA_BIDIRECTIONAL);
    assertThat(lab.phys(DmaLab.NIC, mapping.address())).isNegative();
    assertThat(lab.domainOfNic().liveRanges()).isZero();
  }

  @Test
  void registersAreReachedDirectlyWithoutAnIommuAndNeverBounced() {
    DmaLab lab = DmaLab.withoutVtd(Era.V6_18, "");
    long far = 0x40_0000_0000L;
    assertThat(lab.api.mapResource(lab.nic, far, 64, DmaDirection.DMA_TO_DEVICE).address())
        .isEqualTo(far);
    assertThat(lab.api.mapResource(lab.old, far, 64, DmaDirection.DMA_TO_DEVICE).status().errno())
        .isEqualTo(Errno.EIO);
    assertThat(lab.api.swiotlb().used()).isZero();
  }

  @Test
  void memoryIsNoResource() {
    DmaLab lab = DmaLab.boot(Era.V6_18, STRICT);
    assertThat(lab.api.mapResource(lab.nic, HIGH, 64, DmaDirection.DMA_TO_DEVICE).status().errno())
        .isEqualTo(Errno.EINVAL);
  }

  // ---- masks and limits -------------------------------------------------------------------------

  @Test
  void aMaskBelowAllMemoryIsRefusedWithoutTranslation() {
    DmaLab direct = DmaLab.withoutVtd(Era.V6_18, "");
    assertThat(direct.api.setMask(direct.old, 0xFFFF).errno()).isEqualTo(Errno.EIO);
    assertThat(direct.old.mask()).isEqualTo(0xFFFF_FFFFL);
    assertThat(direct.api.setMask(direct.old, 0xFF_FFFF).failed()).isFalse();
    DmaLab translated = DmaLab.boot(Era.V6_18, STRICT);
    assertThat(translated.api.setMask(translated.old, 0xFFFF).failed()).isFalse();
  }

  @Test
  void aNarrowTranslatedDeviceGetsAddressesBelowItsMask() {
    DmaLab lab = DmaLab.boot(Era.V6_18, STRICT);
    lab.api.setMask(lab.old, 0xFF_FFFF);
    DmaMapping mapping = lab.api.map(lab.old, HIGH, 4096, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(mapping.address()).isEqualTo(0xFF_F000);
  }

  @Test
  void limitsDependOnTheWayTheDeviceGoes() {
    DmaLab direct = DmaLab.withoutVtd(Era.V6_18, "");
    DmaLimits limits = direct.api.limits();
    assertThat(limits.maxMappingSize(direct.old)).isEqualTo(256 << 10);
    assertThat(limits.maxMappingSize(direct.nic)).isEqualTo(Long.MAX_VALUE);
    assertThat(limits.requiredMask(direct.nic)).isEqualTo(0x3_FFFF_FFFFL);
    assertThat(limits.addressingLimited(direct.old)).isTrue();
    DmaLab translated = DmaLab.boot(Era.V6_18, STRICT);
    limits = translated.api.limits();
    assertThat(limits.maxMappingSize(translated.old)).isEqualTo(Long.MAX_VALUE);
    assertThat(limits.optMappingSize(translated.old)).isEqualTo(128 << 10);
    assertThat(limits.requiredMask(translated.old)).isEqualTo(0xFFFF_FFFFL);
    assertThat(limits.addressingLimited(translated.old)).isFalse();
    assertThat(limits.mergeBoundary(translated.old)).isEqualTo(4095);
  }

  // ---- devices nobody trusts --------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"V5_4", "V6_18"})
  void aListOfAnUntrustedDeviceIsBouncedEntryByEntry(Era era) {
    DmaLab lab = DmaLab.withExternalNic(era, "intel_iommu=on");
    lab.memory.writeQword(HIGH + 0x800, 0x5EC2E7);
    lab.memory.writeQword(HIGH, 0x11);
    lab.memory.writeQword(HIGH + 0x2000, 0x22);
    var entries = List.of(new SgMapping.Entry(HIGH, 100), new SgMapping.Entry(HIGH + 0x2000, 4096));
    SgMapping mapping = lab.api.mapSg(lab.nic, entries, DmaDirection.DMA_TO_DEVICE);
    assertThat(mapping.segments()).hasSize(2);
    long first = mapping.segments().getFirst().address();
    assertThat(lab.reads(DmaLab.NIC, first)).isEqualTo((byte) 0x11);
    // The neighbour in the page is not there.
    assertThat(lab.reads(DmaLab.NIC, (first & -4096L) + 0x800)).isZero();
    assertThat(lab.reads(DmaLab.NIC, mapping.segments().getLast().address()))
        .isEqualTo((byte) 0x22);
    assertThat(lab.api.swiotlb().used()).isPositive();
    assertThat(lab.api.unmapSg(lab.nic, mapping.segments(), DmaDirection.DMA_TO_DEVICE).failed())
        .isFalse();
    assertThat(lab.api.swiotlb().used()).isZero();
    assertThat(lab.domainOfNic().liveRanges()).isZero();
  }

  @Test
  void anEmptyEntryInAListIsRefused() {
    DmaLab lab = DmaLab.boot(Era.V6_18, STRICT);
    var entries = List.of(new SgMapping.Entry(HIGH, 0));
    assertThat(lab.api.mapSg(lab.nic, entries, DmaDirection.DMA_TO_DEVICE).status().errno())
        .isEqualTo(Errno.EINVAL);
  }

  // ---- reserved addresses -----------------------------------------------------------------------

  @Test
  void windowsOfTheHostBridgeAreNeverGiven() {
    DmaLab lab = DmaLab.boot(Era.V6_18, STRICT);
    List<IovaView.Node> reserved =
        lab.domainOfNic().iova().nodes().stream()
            .filter(node -> node.state() == IovaView.State.RESERVED)
            .toList();
    assertThat(reserved).extracting(IovaView.Node::low).containsExactly(0xA0L, 0xC0000L, 0xFEE00L);
    // The top is used up first; then the search jumps over the registers.
    lab.api.map(lab.old, HIGH, 0x110_0000, DmaDirection.DMA_TO_DEVICE, false);
    DmaMapping below = lab.api.map(lab.old, HIGH, 0x110_0000, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(below.address() + 0x110_0000).isLessThanOrEqualTo(0xC000_0000L);
  }

  // ---- buffers ----------------------------------------------------------------------------------

  @Test
  void kmallocKeepsWhatWasThereAndKzallocDoesNot() {
    DmaLab lab = DmaLab.boot(Era.V6_18, STRICT);
    lab.memory.writeQword(0x1_A000_0000L, 0x77);
    lab.api.buffers().kmalloc(4096, 0x1_A000_0000L, false);
    assertThat(lab.memory.readQword(0x1_A000_0000L)).isEqualTo(0x77);
    lab.api.buffers().kfree(0x1_A000_0000L);
    lab.api.buffers().kmalloc(4096, 0x1_A000_0000L, true);
    assertThat(lab.memory.readQword(0x1_A000_0000L)).isZero();
  }

  // ---- failing allocations ----------------------------------------------------------------------

  static LongStream allocations() {
    return LongStream.rangeClosed(1, 12);
  }

  @ParameterizedTest
  @MethodSource("allocations")
  void whicheverAllocationFailsNothingIsLeftAndTheNextTrySucceeds(long nth) {
    for (Era era : List.of(Era.V5_4, Era.V6_18, Era.V7_1)) {
      DmaLab lab = DmaLab.boot(era, STRICT);
      long user = lab.api.frames().userFrames();
      long kernel = lab.kernelFrames();
      lab.failAllocation(nth);
      CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, 20_000, true, -1);
      lab.failAllocation(0);
      if (buffer.status().failed()) {
        assertThat(buffer.status().errno()).isEqualTo(Errno.ENOMEM);
        assertThat(lab.domainOfNic().liveRanges()).isZero();
        assertThat(lab.api.frames().userFrames()).isEqualTo(user);
        assertThat(lab.api.view().coherent()).isEmpty();
        buffer = lab.api.allocCoherent(lab.nic, 20_000, true, -1);
      }
      assertThat(buffer.status().failed()).isFalse();
      lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle());
      assertThat(lab.domainOfNic().liveRanges()).isZero();
      assertThat(lab.api.frames().userFrames()).isEqualTo(user);
      // Tables of the domain may stay, empty.
      assertThat(lab.kernelFrames()).isBetween(kernel, kernel + 3);
    }
  }
}
