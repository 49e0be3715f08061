package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.Test;

/** The kernel prints no flood: ten messages of a function in five seconds. Source: ratelimit.c. */
class LimitedMessagesTest {

  private final ScriptedLab lab = new ScriptedLab();

  private void boot() {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1','era':'6.12'}");
  }

  private void fault(String iova) {
    lab.run("{'op':'dma.read','rid':'nic','iova':'%s','len':8}".formatted(iova));
  }

  private static List<String> about(List<String> log) {
    return log.stream()
        .map(line -> line.substring(line.indexOf("] ") + 2))
        .filter(line -> line.contains("fault") && line.startsWith("DMAR: "))
        .map(
            line ->
                line.replaceFirst(".*fault addr (\\S+) .*", "$1")
                    .replaceFirst(".*handling fault status.*", "status"))
        .toList();
  }

  /** As in a capture of 6.12: status, record, three times; a fourth status, and silence. */
  @Test
  void eachFaultUsesThreeOfTen() {
    boot();
    for (int i = 1; i <= 8; i++) {
      fault("0x" + i + "000");
    }
    assertThat(about(lab.kernel().dmesg()))
        .containsExactly("status", "0x1000", "status", "0x2000", "status", "0x3000", "status");
    assertThat(about(lab.kernel().messages())).hasSize(16).endsWith("status", "0x8000");
  }

  @Test
  void afterFiveSecondsTheNextOneTellsHowManyWereRefused() {
    boot();
    for (int i = 0; i < 8; i++) {
      fault("0x1000");
    }
    lab.run("{'op':'clock.advance','ms':5000}");
    fault("0x9000");
    assertThat(about(lab.kernel().dmesg())).doesNotContain("0x9000");
    lab.run("{'op':'clock.advance','ms':1}");
    fault("0xa000");
    // Eight times three, and three more at the end of the interval, are 27; ten of them passed.
    assertThat(lab.kernel().dmesg().stream().map(line -> line.substring(15)))
        .endsWith(
            "dmar_fault: 17 callbacks suppressed",
            "DMAR: DRHD: handling fault status reg 102",
            "DMAR: [DMA Read NO_PASID] Request device [00:03.0] fault addr 0xa000"
                + " [fault reason 0x06] PTE Read access is not set");
  }
}
