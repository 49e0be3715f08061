package org.iommulab.evidence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same fault in every form a kernel gave it, and in every dress people paste it in. */
final class KernelLogTest {

  private static final String FAULT =
      "DMAR: [DMA Write NO_PASID] Request device [05:00.0] fault addr 0xffe00000"
          + " [fault reason 0x05] PTE Write access is not set";

  private static KernelLog read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KernelLog read(byte[] bytes) {
    try {
      return KernelLog.read(new ByteArrayInputStream(bytes), "test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LogFault only(KernelLog log) {
    assertThat(log.faults()).hasSize(1);
    return log.faults().getFirst();
  }

  private static void isTheFault(KernelLog log) {
    LogFault fault = only(log);
    assertThat(fault.kind()).isEqualTo(LogFault.Kind.DMA_WRITE);
    assertThat(fault.bdf()).isEqualTo("05:00.0");
    assertThat(fault.address()).isEqualTo(0xFFE0_0000L);
    assertThat(fault.pasid()).isNull();
    assertThat(fault.reason().code()).isEqualTo(5);
    assertThat(fault.reason().text()).isEqualTo("PTE Write access is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DMAR:[DMA Write] Request device [05:00.0] fault addr ffe00000 \n"
            + "DMAR:[fault reason 05] PTE Write access is not set",
        "[  1.5] dmar: DMAR:[DMA Write] Request device [05:00.0] fault addr ffe00000 \n"
            + "DMAR:[fault reason 05] PTE Write access is not set",
        "[    1.5] DMAR: DMAR:[DMA Write] Request device [05:00.0] fault addr ffe00000 \n"
            + "               DMAR:[fault reason 05] PTE Write access is not set",
        "DMAR: [DMA Write] Request device [05:00.0] fault addr ffe00000 [fault reason 05]"
            + " PTE Write access is not set",
        "DMAR: [DMA Write] Request device [05:00.0] PASID ffffffff fault addr ffe00000"
            + " [fault reason 05] PTE Write access is not set",
        "DMAR: [DMA Write NO_PASID] Request device [0x05:0x00.0] fault addr 0xffe00000"
            + " [fault reason 0x05] PTE Write access is not set",
        "DMAR: [DMA Write  NO_PASID] Request device [0000:05:00.0] fault addr 0xffe00000"
            + " [fault reason 0x05] PTE Write access is not set",
        "(XEN) [VT-D]iommu.c:863: DMAR:[DMA Write] Request device [05:00.0] fault addr ffe00000,"
            + " iommu reg = ffff82c3ffd57000\n(XEN) DMAR:[fault reason 05h] PTE Write access is not"
            + " set",
        "(XEN) [VT-D]DMAR:[DMA Write] Request device [0000:05:00.0] fault addr ffe00000\n"
            + "(XEN) [VT-D]DMAR: reason 05 - PTE Write access is not set",
        "dmar:[dma write] request device [05:00.0]fault addr ffe00000 [fault reason 05] pte write"
            + " access is not set",
      })
  void everyEraSaysTheSame(String text) {
    isTheFault(read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<3>[    1.5] %s",
        "kern  :err   : [    1.5] %s",
        "[    1.5][  T123] %s",
        "[    1.5] [    C0] %s",
        "[Thu Oct 22 08:54:51 2020] %s",
        "[  +0.012066] %s",
        "2026-05-01T09:46:33,123456+00:00 %s",
        "May  3 17:32:17 host.example kernel: [    1.5] %s",
        "Feb 01 15:38:31 host kernel: %s",
        "2026-02-01T15:38:31+0100 host kernel: %s",
        "[ 12.345678] host kernel: %s",
        "6,123,456789,-;%s",
        "> > [    1.5] %s",
        "\u001b[32m[    1.5] \u001b[0m\u001b[33m%s\u001b[0m",
        "[32m[    1.5] [0m%s",
        "`%s`",
        "=> %s",
        "{\"_BOOT_ID\":\"1\",\"MESSAGE\":\"%s\",\"PRIORITY\":\"3\"}",
        "{ \"pri\": 3, \"time\": 1.5, \"msg\": \"%s\" }",
        "MESSAGE=%s",
        "<pre>[    1.5] %s<br>",
      })
  void dressDoesNotMatter(String form) {
    isTheFault(read("before\n" + form.formatted(FAULT) + "\nafter\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Request device", "[05:00.0]", "fault addr", "0xffe00000", "reason 0x05]"})
  void aLineBrokenByMailIsOneLine(String where) {
    int at = FAULT.indexOf(where) + where.length();
    String broken = FAULT.substring(0, at) + "\n" + FAULT.substring(at).strip() + "\n";
    isTheFault(read("[    1.5] " + broken));
    isTheFault(read("> [    1.5] " + broken.replace("\n", "\n> ")));
    isTheFault(read(broken.replace("PTE Write access", "PTE Write\naccess")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16"})
  void wideTextIsReadLikeNarrow(String charset) {
    isTheFault(read(("[    1.5] " + FAULT + "\r\n").getBytes(Charset.forName(charset))));
  }

  @Test
  void packedTextIsUnpacked() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(FAULT.getBytes(StandardCharsets.UTF_8));
    }
    isTheFault(read(packed.toByteArray()));
  }

  @Test
  void journalBytesThatAreNoTextAreReadToo() {
    String numbers =
        FAULT.chars().mapToObj(Integer::toString).reduce((a, b) -> a + ", " + b).orElseThrow();
    isTheFault(read("{\"PRIORITY\":\"3\",\"MESSAGE\":[ " + numbers + " ]}"));
  }

  @Test
  void quotedPrintableIsUndone() {
    String text =
        "time=3D1 and\nsize=3D2\n"
            + "[    1.5] DMAR: [DMA Write NO_PASID] Request device [05:00.0] fault addr=20=\n"
            + "0xffe00000 [fault reason 0x05] PTE Write access is not set\n";
    isTheFault(read(text));
  }

  @Test
  void reasonsOfOldKernelsAreDecimal() {
    LogFault fault =
        only(
            read(
                "DMAR: [INTR-REMAP] Request device [f0:1f.0] fault index 28 [fault reason 38]"
                    + " Blocked an interrupt request due to source-id verification failure"));
    assertThat(fault.kind()).isEqualTo(LogFault.Kind.INTERRUPT);
    assertThat(fault.address()).isEqualTo(0x28L);
    assertThat(fault.reason().code()).isEqualTo(0x26);
    assertThat(fault.reason().base()).isEqualTo("dec");
  }

  @Test
  void theTextDecidesWhereTheNumberIsMissing() {
    LogFault fault =
        only(
            read(
                "INTR-REMAP: Request device [[42:00.1] fault index b0\n"
                    + "INTR-REMAP:[] Present field in the IRTE entry is clear"));
    assertThat(fault.reason().code()).isEqualTo(0x22);
  }

  @Test
  void aCutTextIsCompletedWhereOnlyOneFits() {
    LogFault fault =
        only(
            read(
                "DMAR: [DMA Read NO_PASID] Request device [81:00.0] fault addr 0xffffd000 [fault"
                    + " reason 0x59] SM: Present bit in PA$"));
    assertThat(fault.reason().text()).isNull();
    assertThat(fault.reason().full()).isEqualTo("SM: Present bit in PASID Table Entry is clear");
  }

  @Test
  void aRequesterMadeUnreadableLeavesTheFault() {
    LogFault fault = only(read(FAULT.replace("05:00.0", "xx:xx.x")));
    assertThat(fault.bdf()).isNull();
    assertThat(fault.reason().code()).isEqualTo(5);
  }

  @Test
  void oldUnitLinesGetTheNamesOfToday() {
    KernelLog log =
        read(
            "dmar: DRHD base: 0x000000fed90000 flags: 0x1\n"
                + "dmar: IOMMU 0: reg_base_addr fed90000 ver 1:0 cap c90780106f0462 ecap f020e2\n");
    assertThat(log.platform()).isEqualTo(LogPlatform.INTEL_VTD);
    assertThat(log.units())
        .containsExactly(
            new LogUnit(
                1, "dmar0", 0xFED9_0000L, "1:0", 0xC9_0780_106F_0462L, 0xF0_20E2L, 1, List.of()));
  }

  @Test
  void aMillionFaultsAreCountedEvenIfNotAllAreKept() {
    int many = LogFacts.MOST_FAULTS + 1000;
    KernelLog log = read((FAULT + "\n").repeat(many));
    assertThat(log.faultCount()).isEqualTo(many);
    assertThat(log.faults()).hasSize(LogFacts.MOST_FAULTS);
    assertThat(log.tallies()).hasSize(1);
    assertThat(log.tallies().getFirst().count()).isEqualTo(many);
    assertThat(log.tallies().getFirst().last().line()).isEqualTo(many);
  }

  @Test
  void wordsOfAmdOnAnIntelMachineMeanNothing() {
    String amd = "AMD-Vi: AMD IOMMUv2 functionality not available on this system\n";
    assertThat(read("DMAR: IOMMU enabled\n" + amd).platform()).isEqualTo(LogPlatform.INTEL_VTD);
    assertThat(read("EDAC amd64: ECC disabled\n" + amd).platform())
        .isEqualTo(LogPlatform.AMD_INACTIVE);
    assertThat(read("AMD-Vi: Interrupt remapping enabled\n").platform())
        .isEqualTo(LogPlatform.AMD_VI);
    assertThat(read("ACPI: DMAR 0x0000000078E1D000 000088 (v02 INTEL  EDK2)\n").platform())
        .isEqualTo(LogPlatform.TABLE_ONLY);
    assertThat(read("usb 1-1: new device\n").platform()).isEqualTo(LogPlatform.NONE);
    assertThat(read("").platform()).isEqualTo(LogPlatform.NONE);
  }
}
