package org.iommulab.evidence.kind;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ContentTest {

  private static Kind of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Kind of(byte[] bytes) {
    return Content.of(bytes, bytes.length);
  }

  @Test
  void aLogThatBeginsLikeATableIsALog() {
    assertThat(of("DMAR: DRHD: handling fault status reg 3\n")).isEqualTo(Kind.KERNEL_LOG);
    assertThat(of("[    0.1] DMAR: IOMMU enabled\n")).isEqualTo(Kind.KERNEL_LOG);
    assertThat(of("> [    0.1] DMAR: IOMMU enabled\n")).isEqualTo(Kind.KERNEL_LOG);
    assertThat(of("[    0.1] DMAR: on\n".getBytes(StandardCharsets.UTF_16LE)))
        .isEqualTo(Kind.KERNEL_LOG);
    assertThat(of("{\"MESSAGE\":\"DMAR: IOMMU enabled\",\"PRIORITY\":\"6\"}\n"))
        .isEqualTo(Kind.KERNEL_LOG);
  }

  @Test
  void aTableIsOneWhateverItsForm() {
    byte[] table = new byte[48];
    System.arraycopy("DMAR".getBytes(StandardCharsets.ISO_8859_1), 0, table, 0, 4);
    table[4] = 48;
    assertThat(of(table)).isEqualTo(Kind.DMAR_TABLE);
    assertThat(of("DMAR @ 0x0000000000000000\n  0000: 44 4D 41 52 30 00 00 00  DMAR0...\n"))
        .isEqualTo(Kind.TABLE_TEXT);
    assertThat(of("[000h 0000   4]                    Signature : \"DMAR\"\n"))
        .isEqualTo(Kind.TABLE_TEXT);
    assertThat(of(">     [000h 0000 004h]              Signature : \"DMAR\"\n"))
        .isEqualTo(Kind.TABLE_TEXT);
    assertThat(of("[0004]                          Signature : \"DMAR\"\n"))
        .isEqualTo(Kind.TABLE_TEXT);
    assertThat(of("> > 1@1.000000:vtd_dmar_fault sid 0xb00 fault 6\n")).isEqualTo(Kind.QEMU_TRACE);
    assertThat(of("00000000: 444d 4152 3000 0000  DMAR0...\n")).isEqualTo(Kind.TABLE_TEXT);
  }

  @Test
  void textsAreToldByTheirLines() {
    assertThat(of("IOMMU dmar0: Root Table Address: 0x1000\n")).isEqualTo(Kind.DEBUGFS);
    assertThat(of("00:02.0 VGA compatible controller [0300]: Intel\n")).isEqualTo(Kind.LSPCI);
    assertThat(of("00000000-00000fff : Reserved\n")).isEqualTo(Kind.IOMEM);
    assertThat(of("CONFIG_INTEL_IOMMU=y\n")).isEqualTo(Kind.KERNEL_CONFIG);
    assertThat(of("1@1.000000:vtd_reg_dmar_root addr 0x2a45000 scalable 0\n"))
        .isEqualTo(Kind.QEMU_TRACE);
    assertThat(of("{\"op\":\"machine\"}\n")).isEqualTo(Kind.SCRIPT);
    assertThat(of("Dear colleagues,\n")).isEqualTo(Kind.TEXT);
    assertThat(of("")).isEqualTo(Kind.EMPTY);
  }

  @Test
  void noiseIsBinaryAndNeverAnError() {
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(Content.describe(noise, noise.length)).isNotBlank();
    }
  }
}
