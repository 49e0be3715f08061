package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A booted kernel does what the table of boot choices says. */
final class EnablingLessonTest {

  private static BootResult boot(String cmdline, Era era, boolean table) {
    var machine = new Machine(MachineSpec.laboratory("spec"));
    var platform =
        new Platform(
            machine.memory(),
            Map.of(MachineSpec.MMIO_BASE, machine.unit()),
            table ? DmarFacts.single(46, MachineSpec.MMIO_BASE) : null,
            List.of(PciDevice.endpoint(SourceId.of(0, 3, 0), "nic")),
            new CallTrace(),
            () -> 0L);
    return Kernel.boot(platform, BootOptions.of(cmdline).withEra(era));
  }

  @Test
  void cheerfulLogWithoutAUnit() {
    BootResult boot = boot("intel_iommu=on", Era.V7_1, false);
    assertThat(boot.translating()).isFalse();
    assertThat(boot.kernel().dmesg()).anyMatch(line -> line.endsWith("DMAR: IOMMU enabled"));
  }

  @ParameterizedTest
  @CsvSource({
    "intel_iommu=on, V5_4",
    "intel_iommu=on, V7_1",
    "'', V7_1",
    "intel_iommu=on iommu=pt, V5_9",
    "intel_iommu=on iommu=soft, V5_15",
    "intel_iommu=on iommu=soft, V5_19",
    "intel_iommu=on swiotlb=force, V5_4",
    "intel_iommu=on iommu=off, V6_12",
    "intel_iommu=off, V6_18",
    "intel_iommu=on iommu.strict=1, V5_4",
    "intel_iommu=on iommu.strict=1, V6_3",
    "'intel_iommu=on,strict', V5_12"
  })
  void kernelPrintsWhatTheDecisionPrints(String cmdline, Era era) {
    BootResult boot = boot(cmdline, era, true);
    Kernel kernel = boot.kernel();
    assertThat(boot.translating()).isEqualTo(kernel.bootChoice().driver().name().equals("ON"));
    var log = new ArrayList<String>();
    kernel.dmesg().forEach(line -> log.add(line.substring(line.indexOf(']') + 2)));
    assertThat(log).containsAll(kernel.bootChoice().printed());
    assertThat(kernel.dma().swiotlb().isActive())
        .isEqualTo(kernel.bootChoice().pool().name().equals("KEPT"));
  }

  @Test
  void oneUnmapIsQueuedThenAndFlushedNow() {
    assertThat(flushesAtUnmap(Era.V5_4)).isZero();
    assertThat(flushesAtUnmap(Era.V7_1)).isEqualTo(1);
  }

  private static long flushesAtUnmap(Era era) {
    DmaLab lab = DmaLab.boot(era, "intel_iommu=on iommu.strict=1");
    DmaMapping mapping =
        lab.api.map(lab.nic, 0x1_8000_0000L, 4096, DmaDirection.DMA_TO_DEVICE, false);
    long before = lab.invalidations();
    lab.api.unmap(lab.nic, mapping.address(), 4096, DmaDirection.DMA_TO_DEVICE, false);
    return lab.invalidations() - before;
  }
}
