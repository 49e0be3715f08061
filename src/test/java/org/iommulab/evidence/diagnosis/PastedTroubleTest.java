package org.iommulab.evidence.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.evidence.diagnosis.MadeUpLog.answer;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogPlatform;
import org.iommulab.evidence.log.LogRmrr;
import org.iommulab.evidence.log.LogUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Kinds of trouble that people paste, each in a text made up for it, and the answer it deserves.
 */
final class PastedTroubleTest {

  private static String rule(String... lines) {
    return answer(lines).rule();
  }

  private static String fault(String kind, String device, long address, int code, String words) {
    return String.format(
        Locale.ROOT,
        "DMAR: [DMA %s NO_PASID] Request device [%s] fault addr 0x%x [fault reason 0x%02x] %s",
        kind,
        device,
        address,
        code,
        words);
  }

  private static String read(String device, long address) {
    return fault("Read", device, address, 0x06, "PTE Read access is not set");
  }

  private static String write(String device, long address) {
    return fault("Write", device, address, 0x05, "PTE Write access is not set");
  }

  private static Stream<DynamicTest> each(Map<String, List<String>> texts) {
    return texts.entrySet().stream()
        .map(
            text ->
                DynamicTest.dynamicTest(
                    text.getKey(),
                    () -> {
                      Finding answer = answer(text.getValue().toArray(String[]::new));
                      assertThat(answer.rule()).isEqualTo(text.getKey());
                      assertThat(answer.sentence(false)).doesNotContain("{", " ? ");
                      assertThat(answer.sentence(true)).doesNotContain("{");
                    }));
  }

  @TestFactory
  Stream<DynamicTest> programsThatMapMemory() {
    String qemu = "qemu-system-x86_64: -device vfio-pci,host=05:00.0: ";
    return each(
        Map.of(
            "V3",
            List.of(qemu + "VFIO_MAP_DMA failed: Cannot allocate memory"),
            "V4",
            List.of(qemu + "VFIO_MAP_DMA failed: Invalid argument"),
            "V4.wide",
            List.of("vfio_dma_map(0x5581, 0x200000000000, 0x4000, 0x7f0001) = -22 (Invalid"),
            "V4.reserved",
            List.of(
                qemu + "VFIO_MAP_DMA",
                "failed: Invalid argument",
                "vfio_dma_map(0x5581," + " 0x40000000, 0x100000000,",
                "0x7f0001) = -22 (Invalid argument)"),
            "V5",
            List.of("qemu-system-x86_64: IOMMU_IOAS_MAP failed: Bad address"),
            "V6",
            List.of("qemu-system-x86_64: IOMMU_IOAS_MAP failed: File exists"),
            "V7",
            List.of(qemu + "VFIO_MAP_DMA failed: No space left on device"),
            "V8",
            List.of(qemu + "vfio: error no iommu_group for device"),
            "V9",
            List.of(qemu + "Failed to set iommu for container: Input/output error")));
  }

  @TestFactory
  Stream<DynamicTest> troubleThatNoFaultLineTells() {
    return each(
        Map.of(
            "I9",
            List.of("(XEN) [VT-D]intremap.c:123: MSI index (321) has an empty entry"),
            "K3.none",
            List.of("swiotlb buffer is full (sz: 512 bytes), total 0 (slots), used 0 (slots)"),
            "K3.long",
            List.of(
                "foo 0000:07:00.0: swiotlb buffer is full (sz: 524288 bytes), total 32768"
                    + " (slots), used 2 (slots)"),
            "K4",
            List.of(
                "DMA-API: foo 0000:00:19.0: device driver frees DMA memory with wrong function"),
            "P1.timeout",
            List.of(
                "iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:0b:00.0"
                    + " address=0x1000]",
                "AMD-Vi: Completion-Wait loop timed out"),
            "P1.entry",
            List.of(
                "AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:06:00.0 pasid=0x00000]"),
            "P1.request",
            List.of("AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=05:00.0 address=0xfd000]"),
            "T5",
            List.of(
                "(XEN) [VT-D] It's disallowed to assign 0000:00:1a.0 with shared RMRR at dbe9a000"
                    + " for Dom3.")));
  }

  @TestFactory
  Stream<DynamicTest> addressesThatTellWhoGaveThem() {
    return each(
        Map.of(
            "N20.shape",
            List.of(write("82:00.0", 0x387F_0001_0000L)),
            "N26",
            List.of(write("3e:00.0", 0x7EFE_F4F0_8000L)),
            "N24",
            List.of(
                "(XEN) [VT-D]DMAR:[DMA Read] Request device [0000:00:14.0] fault addr 38600000",
                "(XEN) [VT-D]DMAR: reason 06 - PTE Read access is not set"),
            "N25",
            List.of(
                "[  700.1] i915 0000:00:02.0: [drm] *ERROR* Fault errors on pipe B: 0x00000080",
                "[  700.2] " + read("00:02.0", 0)),
            "N8",
            List.of(
                "i915 0000:00:02.0: [drm] *ERROR* Stolen reserved area [mem 0x50200000-0x503fffff]"
                    + " outside stolen memory",
                "[  900.2] " + read("00:02.0", 0x5030_0000L)),
            "N8b",
            List.of(
                read("00:1e.0", 0xDF63_1000L),
                "NMI: PCI system error (SERR) for reason a1 on CPU 0"),
            "N7",
            List.of(read("00:16.7", 0xDCEF_0000L), "tpm tpm0: Operation Timed out"),
            "N10",
            List.of(
                "[ 9000.1] " + read("2f:00.1", 0x7EBB_0000L),
                "[ 9000.2] " + write("2f:00.1", 0x7EBB_0000L)),
            "D1a",
            List.of(
                fault("Read", "80:14.0", 0xE_8175_9000L, 0x39, "SM: Present bit in Root Entry is")
                    + " clear")));
  }

  @Test
  void firstNumberOfAnAddressThatIsNotGivenDecidesNothing() {
    KernelLog log =
        MadeUpLog.read(
            "DMAR: [DMA Read NO_PASID] Request device [04:00.0] fault addr XXXX PTE Read access",
            "is not set");
    LogFault fault = log.faults().getFirst();
    assertThat(fault.address()).isNull();
    assertThat(fault.reason().code()).isEqualTo(0x06);
    Finding answer = Diagnosis.of(log).answer();
    assertThat(answer.rule()).isEqualTo("N22.none");
    assertThat(answer.sentence(false)).contains("The log leaves out the address that 04:00.0");
    assertThat(new ExplanationText(log, Diagnosis.of(log), false).text())
        .contains("dma-read 04:00.0 ? 0x06");
    assertThat(
            rule(
                "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr ... [fault reason"
                    + " 0x02] Present bit in context entry is clear"))
        .isEqualTo("D2i");
  }

  @Test
  void nobodyIsNoTimerAndNoPhantom() {
    String zero = "DMAR: [DMA Write] Request device [xx:xx.x] fault addr 0 [fault reason ";
    assertThat(rule(zero + "05] PTE Write access is not set")).isEqualTo("N9");
    assertThat(rule("ata8: softreset failed", zero + "02] Present bit in context entry is clear"))
        .isEqualTo("D2i");
  }

  @Test
  void interruptOfAnIoApicLongAfterTheBootBelongsToAResume() {
    String fault =
        "DMAR: [INTR-REMAP] Request device [f0:1f.0] fault index 0x0 [fault reason 0x25] Blocked a"
            + " compatibility format interrupt request";
    assertThat(rule("[    0.057] " + fault)).isEqualTo("I1");
    assertThat(rule("[ 8000.057] " + fault)).isEqualTo("I2");
    assertThat(
            rule(
                "[Wed Oct  1 05:04:22 2025] " + fault,
                "[Wed Oct  1 05:04:23 2025] foo 0000:04:00.0: PM: failed to resume async: -110"))
        .isEqualTo("I2");
  }

  @Test
  void messageOfAGuestIsNoRegressionOfTheHost() {
    assertThat(
            rule(
                "vfio-pci 0000:02:00.0: enabling device (0000 -> 0002)",
                "DMAR: [INTR-REMAP] Request device [02:00.0] fault index 0x0 [fault reason 0x25]"
                    + " Blocked a compatibility format interrupt request"))
        .isEqualTo("I10");
  }

  @Test
  void emulatedUnitsMessagesShowThatTheMachineIsVirtual() {
    assertThat(
            rule(
                "[ 3762.0] " + read("0b:00.0", 0x1_1870_0000L),
                "qemu-system-x86_64: vtd_iova_to_slpte: detected slpte permission error"))
        .isEqualTo("N21");
  }

  @Test
  void whatRanBeforeThisKernelHasHadItsEndAfterHours() {
    String held = "dmar_fault: 80 callbacks suppressed";
    assertThat(rule("[    9.5] " + read("0a:00.0", 0xFFFE_0000L), held)).isEqualTo("N12");
    assertThat(rule("[ 9333.5] " + read("0a:00.0", 0xFFFE_0000L), held)).isEqualTo("N13");
  }

  @Test
  void severalDevicesAfterDaysAreThoseOfGuests() {
    assertThat(
            rule(
                "[1116255.5] " + write("3c:00.0", 0x3FF6_E000L),
                "[1116410.7] " + read("bc:00.0", 0x3FFC_1000L)))
        .isEqualTo("N11");
  }

  @Test
  void functionsThatNoBusShowsAreNamedOnceAlsoWithoutAReason() {
    KernelLog log =
        MadeUpLog.read(
            "(XEN) [VT-D]DMAR:[DMA Write] Request device [0000:04:00.4] fault addr bdf80000",
            "(XEN) [VT-D]DMAR:[DMA Write] Request device [0000:04:00.5] fault addr bdf80000",
            "(XEN) [VT-D]found ACPI_DMAR_RMRR:",
            "(XEN) [VT-D]  RMRR address range bdf8f000..bdf92fff not in reserved memory");
    assertThat(log.rmrrs()).extracting(LogRmrr::base).containsExactly(0xBDF8_F000L);
    List<Finding> findings = Diagnosis.of(log).findings();
    assertThat(findings).filteredOn(finding -> finding.rule().equals("D2e")).hasSize(1);
    assertThat(findings.getFirst().sentence(false)).contains("04:00.4, 04:00.5");
  }

  @Test
  void probeIsSeenAlsoWhereAPageLostItsLineEnds() {
    assertThat(
            rule(
                "[   44.970000] megaraid_sas 0000:02:00.0: FW now in Ready state [   45.230000] "
                    + write("02:00.0", 0x5D6F_8000L)))
        .isEqualTo("N23");
  }

  @Test
  void lineAboutTheDeviceExplainsMoreThanAWordInAMail() {
    assertThat(
            answer(
                    "the ring stops on a request that should be canceled (manual cancel)",
                    "[  70.0] xhci_hcd 0000:00:14.0: WARN Cannot submit Set TR Deq Ptr",
                    "[  70.1] " + write("00:14.0", 0xFFCD_A000L))
                .sentence(false))
        .contains("Cannot submit Set TR Deq Ptr");
  }

  @Test
  void whoDidNotAnswerAnInvalidationIsReadFromAHalfDescriptor() {
    assertThat(answer("DMAR: VT-d detected Invalidation Time-out Error: SID 0").sentence(false))
        .startsWith("A device that the log does not name");
    assertThat(
            answer(
                    "DMAR: VT-d detected Invalidation Time-out Error: SID 0",
                    "DMAR: QI PRIOR: Device-TLB Invalidation qw0 = 0x5300530000000003, ...")
                .sentence(false))
        .startsWith("53:00.0");
  }

  @Test
  void unitsOfXenAreReadFromBothFormsOfTheirLine() {
    KernelLog log =
        MadeUpLog.read(
            "(XEN) [VT-D]drhd->address = fed90000 iommu->reg = ffff82c0011a6000",
            "(XEN) [VT-D]iommu_enable_translation: iommu->reg = ffff82c0011a6000");
    assertThat(log.units()).extracting(LogUnit::base).containsExactly(0xFED9_0000L);
    assertThat(Diagnosis.of(log).answer().sentence(false)).contains("VT-d is on, one unit");
  }

  @Test
  void deviceTakenOutOfItsGroupLostItsEntry() {
    assertThat(
            rule(
                "[  182.24] pci 0000:00:02.0: Removing from iommu group 1",
                "[  182.25] "
                    + fault("Write", "00:02.0", 0, 0x02, "Present bit in context entry is clear")))
        .isEqualTo("D2k");
  }

  @Test
  void firstAddressesAreMappedWhileADeviceIsSetUp() {
    assertThat(
            rule(
                "[   80.100000] xhci_hcd 0000:55:00.0: xHCI Host Controller",
                "[   80.200000] " + read("55:00.0", 0xFFFF_B000L)))
        .isEqualTo("N18.first");
    assertThat(rule("[   80.200000] " + read("55:00.0", 0xFFFF_B000L))).isEqualTo("N13");
  }

  @Test
  void crashInTheDriverOfTheUnitsIsNoHealth() {
    String unit =
        "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 1c0000c40660462 ecap 19e2ff0505e";
    assertThat(rule(unit, "RIP: 0010:intel_iommu_init+0xed0/0x1136")).isEqualTo("K5");
    assertThat(rule(unit, write("05:00.0", 0xFFF0_0000L), "RIP: 0010:dmar_fault_dump_ptes+0x13b"))
        .isEqualTo("N13");
    assertThat(answer(unit, "DMAR: dmar0: Using Queued invalidation").sentence(false))
        .contains("VT-d is on");
  }

  @Test
  void refusalBecauseOfRmrrsIsIntels() {
    assertThat(
            MadeUpLog.read(
                    "vfio-pci 0000:0b:00.0: Device is ineligible for IOMMU domain attach due to"
                        + " platform RMRR requirement.")
                .platform())
        .isEqualTo(LogPlatform.INTEL_VTD);
  }

  @Test
  void remarkBehindTheDomainTypeIsNoPartOfIt() {
    assertThat(
            MadeUpLog.read(
                    "iommu: Default domain type: Passthrough (set via kernel command line)  (pt)")
                .domainType())
        .contains("Passthrough (set via kernel command line)");
    assertThat(
            MadeUpLog.read("iommu: Default domain type: Translated     (no option)").domainType())
        .contains("Translated");
  }

  @Test
  void kernelIsAlsoReadFromItsCrash() throws IOException {
    var json = new java.io.StringWriter();
    Explanation.of(
            MadeUpLog.read(
                "CPU: 0 PID: 1 Comm: swapper/0 Not tainted 5.16.0-rc6+ #6",
                write("81:00.0", 0xFFFF_D000L)))
        .writeJson(json, more -> {});
    assertThat(json.toString()).contains("\"kernel_version\"", "5.16.0-rc6+");
  }
}
