package org.iommulab.lab.run.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions are called by name with resolved arguments, or refused in one sentence. */
final class CallRoomTest {

  private final ScriptedLab lab = new ScriptedLab();

  @BeforeEach
  void boot() {
    lab.run(
        "{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1',"
            + "'walker':'generic_pt','era':'7.1'}",
        "{'op':'call','fn':'kmalloc','args':{'size':1500,'phys':'0x150000000'},'as':'buf'}");
  }

  private Map<String, Object> call(String function, String arguments) {
    return lab.run("{'op':'call','fn':'" + function + "','args':{" + arguments + "},'as':'it'}");
  }

  private String refusal(String function, String arguments) {
    return lab.refusal("{'op':'call','fn':'" + function + "','args':{" + arguments + "}}");
  }

  @Test
  void bufferIsMappedAndUnmappedOnce() {
    assertThat(call("dma_map_single", "'dev':'nic','ptr':'buf','size':1500,'dir':'DMA_TO_DEVICE'"))
        .containsEntry("ret", "0xfffff000");
    String unmap = "'dev':'00:03.0','addr':'0xfffff000','size':1500,'dir':1";
    assertThat(call("dma_unmap_single", unmap)).containsEntry("ret", 0);
    // The kernel warns, and the driver hears nothing.
    assertThat(call("dma_unmap_single", unmap)).containsEntry("ret", 0);
  }

  @Test
  void relativesOfParametersAreUnderstood() {
    call("dma_map_page", "'dev':'nic','page':'buf','offset':16,'len':8,'dir':'DMA_TO_DEVICE'");
    assertThat(call("dma_unmap_page", "'dev':'nic','dma_addr':'it','size':8,'dir':1"))
        .containsEntry("ret", 0);
  }

  @Test
  void sharedMemoryIsFoundByEitherAddress() {
    call("dma_alloc_coherent", "'dev':'old','size':8192");
    String out = "'dev':'old','size':8192,'cpu_addr':'it.cpu_addr','dma_handle':'it.dma_handle'";
    assertThat(call("dma_free_coherent", out)).containsEntry("ret", 0);
  }

  @Test
  void scatterListIsGivenBackByItsFirstAddress() {
    assertThat(
            call(
                "dma_map_sg",
                "'dev':'nic','sg':[{'phys':'buf','length':4096}],'dir':'DMA_FROM_DEVICE'"))
        .containsEntry("ret", 1);
    String first = "'dev':'nic','addr':'it.dma_addr','dir':'2'";
    assertThat(call("dma_unmap_sg", first)).containsEntry("ret", 0);
  }

  @Test
  void mistakesAreSaidInOneSentence() {
    assertThat(refusal("dma_map_single", "'dev':'modem','ptr':'buf','size':1,'dir':1"))
        .isEqualTo(
            "dma_map_single: \"dev\" names \"modem\", which is no device; there are nic, old,"
                + " rogue");
    assertThat(refusal("dma_map_single", "'dev':'nic','ptr':'buf','dir':1"))
        .isEqualTo("dma_map_single needs \"size\"");
    assertThat(refusal("dma_map_single", "'dev':'nic','ptr':'buf','size':1,'dri':1"))
        .isEqualTo("dma_map_single has no key \"dri\"; did you mean \"dir\"?");
    assertThat(refusal("dma_map_single", "'dev':'nic','ptr':'buf','size':1,'dir':1,'cpu':99"))
        .isEqualTo("dma_map_single: \"cpu\" must be from 0 to 1, not 99");
    assertThat(refusal("dma_map_singel", ""))
        .isEqualTo(
            "the kernel has no function dma_map_singel to call; did you mean"
                + " \"dma_map_single\"?");
    assertThat(refusal("kfree", "'ptr':1"))
        .isEqualTo("kfree: \"ptr\" must be an address that kmalloc gave");
  }
}
