package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that misuses the DMA API hears nothing; the kernel log and the tables tell. */
class MisuseTest {

  private final ScriptedLab lab = new ScriptedLab();

  private void mapped(String era) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on,strict iommu.strict=1','era':'%s'}"
            .formatted(era),
        "{'op':'call','fn':'kmalloc','args':{'size':8192},'as':'buf'}",
        "{'op':'call','fn':'kmalloc','args':{'size':8192},'as':'other'}",
        "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'buf','size':64,'dir':'DMA_TO_DEVICE'},'as':'tx'}");
  }

  private Object unmap(String device, String size) {
    return lab.run(
            "{'op':'call','fn':'dma_unmap_single','args':{'dev':'%s','addr':'tx','size':%s,'dir':'DMA_TO_DEVICE'}}"
                .formatted(device, size))
        .get("ret");
  }

  @ParameterizedTest
  @CsvSource({
    "5.15, WARNING: CPU: 0 PID: 1 at drivers/iommu/dma-iommu.c iommu_dma_unmap_page",
    "7.3, 'WARNING: drivers/iommu/dma-iommu.c at iommu_dma_unmap_phys, CPU#0'"
  })
  void anUnmapOfNothingIsAWarningAndNothingElse(String era, String words) {
    mapped(era);
    assertThat(unmap("rogue", "64")).isEqualTo(0);
    lab.expect("log~\"" + words + "\"", "true");
    assertThat(unmap("nic", "64")).isEqualTo(0);
    assertThat(unmap("nic", "64")).isEqualTo(0);
    lab.expect("findings", "[]");
  }

  @ParameterizedTest
  @CsvSource({"5.4", "5.12"})
  void beforeTheWarningAnAddressFreedTwiceWasGivenOutTwice(String era) {
    mapped(era);
    unmap("nic", "64");
    unmap("nic", "64");
    String map =
        "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'%s','size':64,'dir':'DMA_TO_DEVICE'}}";
    Object first = lab.run(map.formatted("buf")).get("ret");
    assertThat(lab.run(map.formatted("other")).get("ret")).isEqualTo(first);
    lab.expect("log~\"DMAR: ERROR: DMA PTE for vPFN 0xfffff already set (to \"", "true");
  }

  @ParameterizedTest
  @CsvSource({"6.12, classic, false", "7.3, generic_pt, true"})
  void moreUnmappedThanMappedIsAWarningOfWalkersThatCount(String era, String walker, String warns) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1','era':'%s','walker':'%s'}"
            .formatted(era, walker),
        "{'op':'call','fn':'kmalloc','args':{'size':8192},'as':'buf'}",
        "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'buf','size':64,'dir':'DMA_TO_DEVICE'},'as':'tx'}");
    assertThat(unmap("nic", "8192")).isEqualTo(0);
    lab.expect("log~\"WARNING: drivers/iommu/dma-iommu.c at __iommu_dma_unmap, CPU#0\"", warns);
  }

  @Test
  void aSyncOfNothingIsSilent() {
    mapped("6.12");
    unmap("nic", "64");
    assertThat(
            lab.run(
                "{'op':'call','fn':'dma_sync_single_for_cpu','args':{'dev':'nic','addr':'tx','size':64,'dir':'DMA_TO_DEVICE'}}"))
        .containsEntry("ret", 0);
    lab.expect("log~\"WARNING\"", "false");
  }

  @ParameterizedTest
  @CsvSource({"5.4, ", "5.7, EIO", "7.3, EIO"})
  void vmallocMemoryIsRejectedSince55(String era, String errno) {
    mapped(era);
    lab.run("{'op':'call','fn':'dma_alloc_coherent','args':{'dev':'nic','size':4096},'as':'ring'}");
    // Old kernels gave coherent memory from the linear map.
    String pointer = "'0xffffc90000000000'";
    assertThat(
            lab.run(
                    "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':%s,'size':64,'dir':'DMA_TO_DEVICE'}}"
                        .formatted(pointer))
                .get("errno"))
        .isEqualTo(errno);
    lab.expect("log~\"rejecting DMA map of vmalloc memory\"", errno == null ? "false" : "true");
  }
}
