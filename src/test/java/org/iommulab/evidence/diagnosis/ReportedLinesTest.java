package org.iommulab.evidence.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.evidence.diagnosis.MadeUpLog.answer;
import static org.iommulab.evidence.diagnosis.MadeUpLog.read;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogPlatform;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Short texts as people paste them, written for this test, and the answer they deserve. */
final class ReportedLinesTest {

  private static final String WRITE =
      "DMAR: [DMA Write NO_PASID] Request device [%s] fault addr 0x%x [fault reason 0x05] PTE Write"
          + " access is not set";

  private static String write(String device, long address) {
    return String.format(java.util.Locale.ROOT, WRITE, device, address);
  }

  @TestFactory
  Stream<DynamicTest> troubleWithoutAFaultLineIsNoHealth() {
    Map<String, List<String>> texts =
        new java.util.TreeMap<>(
            Map.ofEntries(
                Map.entry(
                    "R1",
                    List.of("[  500.000001] DMAR: dmar6: Invalid page request: 2000010 7f1200001")),
                Map.entry(
                    "Q7",
                    List.of(
                        "[ 8421.012345] watchdog: BUG: soft lockup - CPU#5 stuck for 23s!",
                        "[ 8421.012361] RIP: 0010:qi_submit_sync+0x2c0/0x490")),
                Map.entry("T13", List.of("[    0.411000] DMAR: Parse DMAR table failure.")),
                Map.entry(
                    "T12",
                    List.of(
                        "DMAR-IR: Failed to enable irq remapping. You are vulnerable to"
                            + " irq-injection attacks.")),
                Map.entry(
                    "T10", List.of("DMAR: Failed to find handle for ACPI object \\_SB.PC00.SPI1")),
                Map.entry(
                    "T1",
                    List.of(
                        "Your BIOS is broken; DMAR reported at address fed90000 returns all"
                            + " ones!")),
                Map.entry(
                    "V1", List.of("qemu-system-x86_64: vfio 0000:01:00.0: group 1 is not viable")),
                Map.entry(
                    "V2",
                    List.of(
                        "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the"
                            + " module param \"allow_unsafe_interrupts\" to enable VFIO IOMMU"
                            + " support on this platform")),
                Map.entry(
                    "K1",
                    List.of(
                        "DMAR: ERROR: DMA PTE for vPFN 0xfe800 already set (to 10f2a8003 not"
                            + " 10f2a9003)")),
                Map.entry("K2", List.of("DMAR: Allocating 512-page iova for 0000:05:00.0 failed")),
                Map.entry("F1", List.of("DMAR: DRHD: handling fault status reg 3")),
                Map.entry("P11", List.of("[    0.2] DMAR: IOMMU disabled"))));
    return texts.entrySet().stream()
        .map(
            text ->
                DynamicTest.dynamicTest(
                    text.getKey(),
                    () -> {
                      Finding answer = answer(text.getValue().toArray(String[]::new));
                      assertThat(answer.rule()).isEqualTo(text.getKey());
                      assertThat(answer.sentence(false)).doesNotContain("?", "{");
                      assertThat(answer.sentence(true)).doesNotContain("?", "{");
                    }));
  }

  @Test
  void erratumAndMissingScopeExplainMoreThanTheirConsequence() {
    assertThat(
            answer(
                    "DMAR-IR: [Firmware Bug]: ioapic 2 has no mapping iommu, interrupt remapping"
                        + " will be disabled",
                    "DMAR-IR: Failed to enable irq remapping. You are vulnerable to irq-injection"
                        + " attacks.")
                .rule())
        .isEqualTo("T9");
    assertThat(
            answer(
                    "DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address 0!",
                    "DMAR: Parse DMAR table failure.")
                .rule())
        .isEqualTo("T1");
  }

  @Test
  void brokenTableIsAboutThisHardware() {
    assertThat(read("Your BIOS is broken; DMAR reported at address 0!").platform())
        .isEqualTo(LogPlatform.INTEL_VTD);
    assertThat(read("[    2.2] [drm] DMAR active, disabling use of stolen memory").platform())
        .isEqualTo(LogPlatform.INTEL_VTD);
  }

  @Test
  void reasonsWhoseFaultLinesAreMissingAreNamed() {
    Finding answer = answer("DMAR:[fault reason 05] PTE Write access is not set");
    assertThat(answer.rule()).isEqualTo("F1");
    assertThat(answer.sentence(false)).contains("PTE Write access is not set");
  }

  @Test
  void pointerOfTheKernelIsToldFromAWideAddress() {
    assertThat(answer(write("81:00.0", 0xFFFF_8881_027F_0000L)).rule()).isEqualTo("D4c");
    Finding wide =
        answer(
            "DMAR: [DMA Write] Request device [81:00.0] fault addr ffffffffc27f0000 [fault reason"
                + " 04] Access beyond MGAW");
    assertThat(wide.rule()).isEqualTo("D4a");
    assertThat(wide.sentence(false)).contains("its unit line says how many");
  }

  @Test
  void requestIntoTheInterruptWindowIsNoMapping() {
    assertThat(answer(write("03:00.0", 0xFEE0_0000L)).rule()).isEqualTo("D14i");
  }

  @Test
  void addressZeroIsNoPictureOfTheScreen() {
    assertThat(
            answer(
                    "DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x0 [fault"
                        + " reason 0x06] PTE Read access is not set")
                .rule())
        .isEqualTo("N9");
  }

  @Test
  void deviceThatTheReporterHidIsNotAQuestionMark() {
    Finding answer =
        answer(
            "DMAR: [DMA Read] Request device [xx:xx.x] fault addr fff00000 [fault reason 06] PTE"
                + " Read access is not set");
    assertThat(answer.sentence(false)).startsWith("A device that the log does not name");
    assertThat(answer.sentence(true)).contains("日志未指明的设备");
  }

  @Test
  void controllersThatFirmwareRunsPointToFirmware() {
    assertThat(
            answer(
                    "[  3.212111] thunderbolt 0000:00:0d.2: ignoring unexpected config event",
                    "[  3.300010] " + write("00:0d.2", 0x6F3_1000L))
                .rule())
        .isEqualTo("N7");
    assertThat(answer("[   10.5] " + write("00:1a.7", 0xBF7F_0000L)).rule()).isEqualTo("N7");
  }

  @Test
  void lowAddressIsANumberAndNoDmaAddress() {
    assertThat(answer("[    1.100000] " + write("00:04.0", 0x1000)).rule()).isEqualTo("N14");
  }

  @Test
  void secondFunctionOfAGraphicsCardIsNoPhantom() {
    assertThat(
            answer(
                    "[   55.1] nouveau 0000:01:00.0: fifo: SCHED_ERROR 0a [CTXSW_TIMEOUT]",
                    "[   55.2] DMAR: [DMA Write NO_PASID] Request device [01:00.1] fault addr"
                        + " 0xfffdf000 [fault reason 0x02] Present bit in context entry is clear")
                .rule())
        .isEqualTo("D2i");
  }

  @Test
  void timesOfDayTellTheBootFromLater() {
    String on = " nuc kernel: DMAR: Intel(R) Virtualization Technology for Directed I/O";
    String fault =
        " nuc kernel: DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x9a000000"
            + " [fault reason 0x06] PTE Read access is not set";
    assertThat(answer("Feb 03 21:14:02" + on, "Feb 03 21:14:02" + fault).rule()).isEqualTo("N3");
    assertThat(answer("Feb 03 21:14:02" + on, "Feb 03 22:50:11" + fault).rule()).isEqualTo("N4");
    assertThat(
            answer(
                    "[Wed Jan 17 09:33:10 2024] DMAR: Intel(R) Virtualization Technology for"
                        + " Directed I/O",
                    "[Wed Jan 17 09:33:11 2024]" + fault.substring(" nuc kernel:".length()))
                .rule())
        .isEqualTo("N3");
  }

  @Test
  void journalsBordersPartBoots() {
    String version = "Jan 01 10:00:00 h kernel: Linux version 6.6.1";
    String fault = "Jan 01 10:00:05 h kernel: " + write("01:00.0", 0xFFFA_0000L);
    KernelLog log =
        read(version, fault, "-- Boot 61c9c6f2b8d84b6d8f3f6f8f0ab9ef4b --", version, fault);
    assertThat(log.faults()).extracting(LogFault::boot).containsExactly(0, 1);
    assertThat(read(version, fault, fault).faults())
        .extracting(LogFault::boot)
        .containsExactly(0, 0);
  }

  @Test
  void linesThatAConsoleGluedTogetherAreTwo() {
    KernelLog log =
        read(
            "[   12.100000] "
                + write("00:14.0", 0xFFF8_1000L)
                + "[   12.100010] "
                + write("00:14.0", 0xFFF8_2000L));
    assertThat(log.faults())
        .extracting(LogFault::address)
        .containsExactly(0xFFF81000L, 0xFFF82000L);
    assertThat(log.faults())
        .extracting(fault -> fault.reason().text())
        .containsOnly("PTE Write access is not set");
    assertThat(
            read("May 30 17:32:17 host kernel: [   12.100000] " + write("00:14.0", 0xFFF8_1000L))
                .faults())
        .hasSize(1);
  }

  @Test
  void tablesTakenOverFromACrashedKernelAreNotSwitchedOff() {
    KernelLog log =
        read(
            "[    0.521000] DMAR: Translation already enabled - trying to copy translation"
                + " structures",
            "[    0.521020] DMAR: Copied translation tables from previous kernel for dmar0");
    assertThat(Diagnosis.of(log).findings())
        .extracting(Finding::rule)
        .contains("T8k")
        .doesNotContain("T8");
  }

  @Test
  void faultsOfAnAmdUnitAreToldAsSuch() {
    Finding answer =
        answer(
            "nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f"
                + " address=0xfffffffdf8000000 flags=0x0000]");
    assertThat(answer.rule()).isEqualTo("P1.fault");
    assertThat(answer.sentence(false)).contains("01:00.0", "0xfffffffdf8000000");
  }
}
