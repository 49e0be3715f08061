package org.iommulab.ui.view.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.bus.SourceId;
import org.junit.jupiter.api.Test;

class FaultLineTest {

  private static final SourceId CARD = SourceId.of(1, 0, 0);

  @Test
  void wordsOfTodaysKernelAreRead() {
    assertThat(
            FaultLine.of(
                "[   12.000001] DMAR: [DMA Write NO_PASID] Request device [01:00.0] fault addr"
                    + " 0x5000 [fault reason 0x05] PTE Write access is not set"))
        .contains(new FaultLine("12.000001", FaultLine.Kind.WRITE, CARD, -1, 0x5000, 5));
    assertThat(
            FaultLine.of(
                "[    0.1] DMAR: [DMA Read PASID 0x1f] Request device [01:00.0] fault addr"
                    + " 0x7fff0000 [fault reason 0x71] SM: Present bit is clear"))
        .contains(new FaultLine("0.1", FaultLine.Kind.READ, CARD, 0x1F, 0x7FFF_0000L, 0x71));
  }

  @Test
  void reasonsOfOldKernelsAreDecimal() {
    assertThat(
            FaultLine.of(
                "[    3.5] DMAR: [DMA Read] Request device [01:00.0] PASID ffffffff fault addr"
                    + " ff000 [fault reason 12] non-zero reserved fields in PTE"))
        .contains(new FaultLine("3.5", FaultLine.Kind.READ, CARD, -1, 0xFF000, 12));
  }

  @Test
  void anInterruptNamesItsIndex() {
    assertThat(
            FaultLine.of(
                "[    3.5] DMAR: [INTR-REMAP] Request device [01:00.0] fault index 0x1a"
                    + " [fault reason 0x26] Blocked an interrupt request"))
        .contains(new FaultLine("3.5", FaultLine.Kind.INTERRUPT, CARD, -1, 0x1A, 0x26));
  }

  @Test
  void otherLinesTellOfNoFault() {
    assertThat(FaultLine.of("[    0.000000] DMAR: IOMMU enabled")).isEmpty();
    assertThat(FaultLine.of("DMAR: [DMA Read] Request device")).isEmpty();
  }
}
