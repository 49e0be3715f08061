package org.iommulab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeaks.class)
final class BootTest {

  @Test
  void translationComesLastAndEveryDeviceHasADomain() {
    Lab lab = Lab.boot("intel_iommu=on");

    assertThat(lab.boot.translating()).isTrue();
    assertThat(lab.boot.problem()).isNull();
    assertThat(lab.kernel.groups())
        .hasSize(3)
        .allMatch(group -> group.defaultType().equals("DMA-FQ"));
    assertThat(lab.kernel.domains()).hasSize(3);
    assertThat(lab.kernel.domains())
        .extracting(domain -> domain.attachments().getFirst().domainId())
        .containsExactly(2, 3, 4);
    assertThat(lab.unit.read(0x1C, 4) >>> 31).isEqualTo(1);
    assertThat(String.join("\n", lab.kernel.dmesg()))
        .contains("DMAR: IOMMU enabled")
        .contains("DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 8d2078c106f0466 ecap f020df")
        .contains("iommu: Default domain type: Translated")
        .contains("invalidation policy: lazy mode")
        .contains("DMAR: dmar0: Using Queued invalidation")
        .contains("pci 0000:00:04.0: Adding to iommu group 1")
        .contains("DMAR: Intel(R) Virtualization Technology for Directed I/O");
  }

  @Test
  void bootInvalidatesContextThenIotlbOnce() {
    Lab lab = Lab.boot("intel_iommu=on");
    assertThat(lab.unit.takeDescriptors()).hasToString("[11 / 0, D2 / 0]");
  }

  @Test
  void withoutParameterTheDriverStaysOff() {
    Lab lab = Lab.boot("quiet");
    assertThat(lab.boot.translating()).isFalse();
    assertThat(lab.boot.problem()).contains("intel_iommu=on");
    assertThat(lab.kernel.groups()).isEmpty();
    assertThat(String.join("\n", lab.kernel.dmesg()))
        .contains("DMAR: Host address width 46")
        .doesNotContain("Virtualization Technology");
  }

  @Test
  void passthroughNeedsNoTable() {
    Lab lab = Lab.boot("intel_iommu=on iommu=pt");
    assertThat(lab.kernel.domains()).isEmpty();
    assertThat(lab.kernel.groups()).allMatch(group -> group.defaultType().equals("identity"));
    assertThat(String.join("\n", lab.kernel.dmesg()))
        .contains("Passthrough (set via kernel command line)");
  }
}
