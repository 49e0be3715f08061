package org.iommulab.evidence.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.evidence.diagnosis.MadeUpLog.answer;

import java.util.Locale;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogPlatform;
import org.junit.jupiter.api.Test;

/** What other lines of a text prove about its faults, and what thin evidence leaves open. */
final class FactsBesideTest {

  private static String fault(String kind, String device, long address, int code) {
    return String.format(
        Locale.ROOT,
        "[ 5000.000000] DMAR: [DMA %s NO_PASID] Request device [%s] fault addr 0x%x [fault reason"
            + " 0x%02x]",
        kind,
        device,
        address,
        code);
  }

  private static String write(String device, long address) {
    return fault("Write", device, address, 0x05);
  }

  private static String read(String device, long address) {
    return fault("Read", device, address, 0x06);
  }

  @Test
  void memoryMapOfTheBootTellsFirmwaresBufferFromRam() {
    String[] maps = {
      "[    0.0] BIOS-e820: [mem 0x0000000040000000-0x000000004fffffff] %s",
      "[    0.0] BIOS-e820: 0000000040000000 - 0000000050000000 (%s)",
      "(XEN)  [0000000040000000, 000000004fffffff] (%s)"
    };
    for (String map : maps) {
      String linux = map.startsWith("(XEN)") ? "DMAR: IOMMU enabled" : "";
      Finding firmware = answer(map.formatted("reserved"), linux, write("07:00.0", 0x4234_5000L));
      Finding ram = answer(map.formatted("usable"), linux, write("07:00.0", 0x4234_5000L));
      assertThat(firmware.rule()).isEqualTo("N7");
      assertThat(firmware.confidence()).isEqualTo(Finding.Confidence.HIGH);
      assertThat(firmware.evidence()).anyMatch(line -> line.line() == 1);
      assertThat(ram.rule()).isEqualTo("N14");
      assertThat(ram.confidence()).isEqualTo(Finding.Confidence.HIGH);
    }
  }

  @Test
  void windowsOfTheChipsetAreNoBufferOfFirmware() {
    assertThat(
            answer(
                    "[    0.0] BIOS-e820: [mem 0x00000000ff000000-0x00000000ffffffff] reserved",
                    write("07:00.0", 0xFFE1_2000L))
                .rule())
        .isEqualTo("N13");
  }

  @Test
  void addressThatAnotherDeviceDecodesIsItsPeers() {
    for (String bar :
        new String[] {
          "[    0.4] pci 0000:21:00.0: BAR 1 [mem 0x6000000000-0x67ffffffff 64bit pref]",
          "[    0.4] pci 0000:21:00.0: reg 0x14: [mem 0x6000000000-0x67ffffffff 64bit pref]",
          "[    0.4] pci 0000:21:00.0: BAR 1: assigned [mem 0x6000000000-0x67ffffffff 64bit pref]"
        }) {
      Finding answer = answer(bar, write("18:00.0", 0x60_0012_3000L));
      assertThat(answer.rule()).isEqualTo("N20");
      assertThat(answer.sentence(false)).contains("21:00.0");
    }
  }

  @Test
  void entryThatAllowsTheRequestIsNoMissingMapping() {
    String dump = "[ 5000.000010] DMAR: Dump dmar3 table entries for IOVA 0x8f3000";
    Finding answer =
        answer(
            write("18:00.0", 0x8F_3000L),
            dump,
            "[ 5000.000011] DMAR: pte level: 2, pte value: 0x0000000171234003",
            "[ 5000.000012] DMAR: pte level: 1, pte value: 0x0000000199999003");
    assertThat(answer.rule()).isEqualTo("D16");
    assertThat(
            answer(
                    write("18:00.0", 0x8F_3000L),
                    dump,
                    "[ 5000.000012] DMAR: pte level: 1, pte value: 0x0000000199999001")
                .rule())
        .isNotEqualTo("D16");
  }

  @Test
  void strayWriteBelongsToTheScanOutOfTheSameMoment() {
    assertThat(
            answer(
                    fault("Write", "00:02.0", 0, 0x02),
                    read("00:02.0", 0xA000_0000L),
                    read("00:02.0", 0xA001_0000L),
                    "[ 5000.1] vfio-pci 0000:00:02.0: enabling device (0400 -> 0403)")
                .rule())
        .isEqualTo("N4");
  }

  @Test
  void oneReadOfGraphicsIsNoScanOut() {
    Finding answer = answer(read("00:02.0", 0x8801_2000L));
    assertThat(answer.rule()).isEqualTo("N25");
    assertThat(answer.sentence(false)).startsWith("Not certain from this log:");
    assertThat(answer.sentence(true)).startsWith("仅凭此日志不能确定：");
  }

  @Test
  void idsThatNonTransparentBridgesLendAreTheirs() {
    String fault = fault("Read", "b3:01.3", 0xFFF0_0000L, 0x02);
    assertThat(answer("[ 4999.0] ntb_transport: NTB link up", fault).rule()).isEqualTo("D2f");
    assertThat(Diagnosis.of(MadeUpLog.read(fault)).findings())
        .extracting(Finding::rule)
        .containsSubsequence("D2b", "D2f");
  }

  @Test
  void whatAHandCopiedIsReadAsItWasMeant() {
    LogFault fault =
        MadeUpLog.read(
                "DMAR : [DMA Write NO_PASID] Request device [0b.00;1] fault addr 0xfff20000 [fault"
                    + " reason 0x92] Presnt bit in contxt entry is clear")
            .faults()
            .getFirst();
    assertThat(fault.bdf()).isEqualTo("0b:00.1");
    assertThat(fault.reason().code()).isEqualTo(2);
    assertThat(fault.reason().text()).isEqualTo("Present bit in context entry is clear");
  }

  @Test
  void maskedDigitsAreNoAddress() {
    LogFault fault =
        MadeUpLog.read(
                "DMAR: [DMA Read] Request device [06:00.0] fault addr ffxxxxxx [fault reason 06]"
                    + " PTE Read access is not set")
            .faults()
            .getFirst();
    assertThat(fault.address()).isNull();
    assertThat(fault.reason().code()).isEqualTo(6);
  }

  @Test
  void doubleMappingsAreToldApart() {
    String line = "DMAR: ERROR: DMA PTE for vPFN 0x%x already set (to %x not %x)";
    assertThat(answer(line.formatted(0xE1234, 0xE123_4003L, 0x1_7000_5003L)).rule())
        .isEqualTo("K1.region");
    assertThat(answer(line.formatted(0x51234, 0x2_2000_0003L, 0x2_2000_0003L)).rule())
        .isEqualTo("K1.same");
    assertThat(answer(line.formatted(0x51234, 0x2_2000_0003L, 0x2_4000_0003L)).rule())
        .isEqualTo("K1");
    assertThat(MadeUpLog.read("`DMAR: ERROR: DMA PTE for vPFN 0x... already set`").platform())
        .isEqualTo(LogPlatform.INTEL_VTD);
  }

  @Test
  void functionsOfACardWithOneBufferAreItsFirmware() {
    String fault = "(XEN) [VT-D]DMAR:[DMA Write] Request device [0000:2a:00.%d] fault addr %x";
    assertThat(answer(fault.formatted(5, 0xA123_4000), fault.formatted(6, 0xA123_4000)).rule())
        .isEqualTo("D2e");
    assertThat(answer(fault.formatted(5, 0xA123_4000), fault.formatted(6, 0xA765_4000)).rule())
        .isEqualTo("N24");
  }

  @Test
  void groupsTellThatSomeUnitIsAtWork() {
    assertThat(answer("[    1.2] pci 0000:30:1f.0: Adding to iommu group 12").rule())
        .isEqualTo("H10");
    assertThat(answer("[    0.4] iommu: Default domain type: Translated").rule()).isEqualTo("H11");
    assertThat(answer("[    0.4] usb 1-1: new device").rule()).isEqualTo("H9");
  }

  @Test
  void programsSayWhyAGroupCannotBeUsed() {
    assertThat(
            answer("qemu: vfio 0000:2a:00.1: group 9 used in multiple address spaces")
                .sentence(true))
        .contains("（9）");
    assertThat(answer("qemu: vfio 0000:2a:00.1: no iommu_group found: No such file").rule())
        .isEqualTo("V8");
  }

  @Test
  void guestThatNeverGotGoingHadNoMemoryMapped() {
    String fault = read("3b:02.1", 0x1_0765_6000L);
    String guest = "host log while passing through a virtual function";
    assertThat(
            answer(guest, "mlx5_core: probe of 0000:00:05.0 failed with error -110", fault).rule())
        .isEqualTo("N10");
    assertThat(answer(guest, fault).rule()).isEqualTo("N11");
  }

  @Test
  void crashesBelowAssignmentAndWarningsOfMappingAreNoHealth() {
    assertThat(answer("kernel BUG at drivers/vfio/vfio_iommu_type1.c:1000!").rule())
        .isEqualTo("K5");
    assertThat(answer("WARNING: CPU: 3 PID: 9 at kernel/dma/mapping.c:150 dma_map_page").rule())
        .isEqualTo("K4");
  }

  @Test
  void valuesBelowAnEmptyContextEntryMeanNothing() {
    assertThat(
            Diagnosis.of(
                    MadeUpLog.read(
                        fault("Read", "00:0b.0", 0x1_0c17_0000L, 0x02),
                        "DMAR: Dump dmar0 table entries for IOVA 0x10c170000",
                        "DMAR: context entry: hi 0x0000000000000000, low 0x0000000000000000",
                        "DMAR: pte level: 2, pte value: 0xf000ff53f000ff53"))
                .findings())
        .extracting(Finding::rule)
        .contains("NOTE.walk");
  }

  @Test
  void formOfXenThreeIsAFault() {
    KernelLog log =
        MadeUpLog.read(
            "(XEN) [VT-D]iommu.c:694: iommu_fault_status: Primary Pending Fault",
            "(XEN) [VT-D]iommu.c:676: iommu_fault:DMA Write: 0:1a.7 addr 6f3c1000 REASON 5"
                + " iommu->reg = ffff828bfff54000");
    LogFault fault = log.faults().getFirst();
    assertThat(fault.bdf()).isEqualTo("00:1a.7");
    assertThat(fault.kind()).isEqualTo(LogFault.Kind.DMA_WRITE);
    assertThat(fault.address()).isEqualTo(0x6F3C_1000L);
    assertThat(fault.reason().code()).isEqualTo(5);
    assertThat(Diagnosis.of(log).answer().rule()).isEqualTo("N24");
  }

  @Test
  void reportsOfCheckersAreNoStall() {
    assertThat(answer("BUG: KCSAN: data-race in qi_submit_sync+0x100/0x900").rule())
        .isEqualTo("K6");
    assertThat(
            answer(
                    "WARNING: possible circular locking dependency detected",
                    "? iommu_attach_device")
                .rule())
        .isEqualTo("K6");
    assertThat(answer("watchdog: BUG: soft lockup", "RIP: 0010:qi_submit_sync+0x2c0/0x490").rule())
        .isEqualTo("Q7");
  }

  @Test
  void emulatedUnitSpeaksForTheGuest() {
    String qemu = "qemu-system-x86_64: vtd_iova_to_slpte: detected ";
    assertThat(answer(qemu + "slpte permission error (iova=0x1000, level=0x3, slpte=0x0)").rule())
        .isEqualTo("E1");
    assertThat(answer(qemu + "splte reserve non-zero iova=0x1000, level=0x1").rule())
        .isEqualTo("E1.bit");
    assertThat(answer(qemu + "IOVA overflow (iova=0x1d40000030c0)").rule()).isEqualTo("E1.wide");
  }

  @Test
  void fileOfAGroupThatCannotBeOpenedIsExplained() {
    String qemu = "qemu: vfio 0000:2a:00.0: failed to open /dev/vfio/9: ";
    assertThat(answer(qemu + "Device or resource busy").rule()).isEqualTo("V11");
    assertThat(answer(qemu + "No such file or directory").rule()).isEqualTo("V12");
    assertThat(answer(qemu + "Permission denied").rule()).isEqualTo("V13");
    assertThat(answer("ls: /dev/vfio/vfio").rule()).isEqualTo("H9");
  }

  @Test
  void memoryOfDevicesLiesFarAboveRam() {
    assertThat(answer(read("9a:00.0", 0x2240_4100_0000L)).rule()).isEqualTo("N20.shape");
    assertThat(answer(read("9a:00.0", 0x22_4041_0000L)).rule()).isEqualTo("N14");
  }

  @Test
  void traceOfFaultsAloneIsARefusal() {
    Finding answer =
        answer(
            "  irq/24-AMD-Vi-48    [002] ....   812.100200: io_page_fault: IOMMU:[drvname]"
                + " 0000:2a:00.0 iova=0x0000000091482640 flags=0x0000");
    assertThat(answer.rule()).isEqualTo("P1.fault");
    assertThat(answer.sentence(false)).contains("2a:00.0", "0x91482640");
  }

  @Test
  void troubleOfAnotherDeviceProvesNothing() {
    String fault = write("09:00.0", 0xF8E1_2000L);
    Finding other = answer("[ 4999.9] nvme 0000:0a:00.0: I/O 12 timeout, aborting", fault);
    assertThat(other.rule()).isEqualTo("N13");
    assertThat(other.confidence()).isEqualTo(Finding.Confidence.MEDIUM);
    assertThat(other.sentence(false)).doesNotContain("nvme");
    Finding own = answer("[ 4999.9] nvme 0000:09:00.0: I/O 12 timeout, aborting", fault);
    assertThat(own.confidence()).isEqualTo(Finding.Confidence.HIGH);
    assertThat(own.sentence(false)).contains("nvme");
  }

  @Test
  void commandsNameTheDeviceAsTheyWantIt() {
    Finding answer =
        answer("DMAR: [DMA Write NO_PASID] Request device [0000:0b:00.0] fault addr 0x0");
    assertThat(answer.advice(false).getFirst())
        .isEqualTo("reset the device: echo 1 > /sys/bus/pci/devices/0000:0b:00.0/reset");
  }

  @Test
  void timerThatNeverArrivesIsNoNoise() {
    String fault =
        "[    3.1] DMAR: [INTR-REMAP] Request device [f0:1f.7] fault index 0 [fault reason 37]"
            + " Blocked a compatibility format interrupt request";
    assertThat(answer(fault).rule()).isEqualTo("I1");
    assertThat(
            answer(
                    fault,
                    "[    3.2] Kernel panic - not syncing: timer doesn't work through"
                        + " Interrupt-remapped IO-APIC")
                .rule())
        .isEqualTo("I11");
  }

  @Test
  void loneAddressWithoutATimeLeavesTwoCausesOpen() {
    String fault = "DMAR: [DMA Read] Request device [%s] fault addr %x [fault reason 06]";
    var both = Diagnosis.of(MadeUpLog.read(fault.formatted("0b:00.0", 0xC52F_1000)));
    assertThat(both.findings()).extracting(Finding::rule).containsExactly("N7", "N14");
    assertThat(both.answer().confidence()).isEqualTo(Finding.Confidence.LOW);
    assertThat(answer(fault.formatted("00:05.0", 0x7640_6000)).rule()).isEqualTo("N14");
    assertThat(answer(fault.formatted("0b:00.0", 0xFFC5_1000)).rule()).isEqualTo("N13");
  }

  @Test
  void remappingThatWasLeftOnIsSaid() {
    assertThat(
            answer(
                    "DMAR-IR: IRQ remapping was enabled on dmar0 but we are not in kdump mode",
                    "DMAR: DRHD: handling fault status reg 400",
                    "DMAR-IR: Enabled IRQ remapping in xapic mode")
                .rule())
        .isEqualTo("T8");
  }

  @Test
  void memoryThatADeviceLendsIsItsPeers() {
    assertThat(
            answer(
                    "nvme 0000:2b:00.0: added peer-to-peer DMA memory [mem 0xf1200000-0xf13fffff"
                        + " 64bit pref]",
                    "DMAR: [DMA Read] Request device [2c:00.0] fault addr f1200000 [faul",
                    "t reason 06] PTE Read access is not set")
                .sentence(false))
        .contains("device memory of 2b:00.0");
  }

  @Test
  void causeOfSeveralDevicesIsAdvisedOnce() {
    KernelLog log = MadeUpLog.read(write("3a:00.0", 0xFFC0_1000L), write("3b:00.0", 0xFFC0_2000L));
    String text = new ExplanationText(log, Diagnosis.of(log), false).text();
    assertThat(text).containsOnlyOnce("  not:   do not hide it with iommu=pt");
    assertThat(text).contains("  the same: test:2: dma-write 3b:00.0");
  }

  @Test
  void flagsOfAnAmdEventTellAMissingRight() {
    String event =
        "nvme 0000:2b:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x001a address=0xfffc8000"
            + " flags=0x%04x]";
    assertThat(answer(event.formatted(0x50)).rule()).isEqualTo("P1.read");
    assertThat(answer(event.formatted(0x70)).rule()).isEqualTo("P1.write");
    assertThat(answer(event.formatted(0x20)).rule()).isEqualTo("P1.fault");
  }

  @Test
  void newerNameOfTheMappingCallIsKnown() {
    assertThat(
            answer("kvm: vfio_container_dma_map(0x5581, 0x380000000000, 0x1000, 0x7f00) = -22")
                .rule())
        .isEqualTo("V4.wide");
  }

  @Test
  void certaintyNeedsProofAboutThisVeryDevice() {
    String frame = read("00:02.0", 0xA000_0000L);
    assertThat(answer(frame, "vfio-pci 0000:05:00.0: enabling device").confidence())
        .isEqualTo(Finding.Confidence.MEDIUM);
    assertThat(answer(frame, "vfio-pci 0000:00:02.0: enabling device").confidence())
        .isEqualTo(Finding.Confidence.HIGH);
    assertThat(answer(read("00:16.0", 0xFFE0_3000L)).rule()).isEqualTo("N13");
    assertThat(answer(read("00:16.4", 0x1_2000_3000L)).confidence())
        .isEqualTo(Finding.Confidence.HIGH);
    String ram = "[    0.0] BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable";
    assertThat(answer(ram, write("07:00.0", 0x3FFF_F000L)).confidence())
        .isEqualTo(Finding.Confidence.MEDIUM);
  }
}
