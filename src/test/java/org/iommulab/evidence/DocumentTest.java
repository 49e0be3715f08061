package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.SourceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {

  private static final String TRACE =
      """
      26995@1795324146.771286:vtd_reg_dmar_root addr 0x2a45000 scalable 0
      # --- left out ---
      26995@1795324148.271286:vtd_dmar_fault sid 0x50 fault 5 addr 0x103000 is_write 1
      26995@1795324148.271290:vtd_context_cache_reset\s
      """;

  @TempDir private Path folder;

  private String described(String name, byte[] bytes) throws IOException {
    return Document.describe(Files.write(folder.resolve(name), bytes), false).orElse("nothing");
  }

  @Test
  void traceIsDescribedWithItsFaults() throws IOException {
    assertThat(described("log", TRACE.getBytes()))
        .contains("3 events in 1.500 s, 1 other lines", "fault of 00:0a.0 at 0x103000");
  }

  @Test
  void dmarTableIsDescribedWithItsScopesAndFindings() throws IOException {
    Dmar table =
        Dmar.of(
            46,
            1,
            List.of(
                new DmarStructure.Drhd(1, 0, 0, 0xFED9_0000L, List.of()),
                new DmarStructure.Rmrr(
                    0,
                    0x7000_0000L,
                    0x7000_0FFEL,
                    List.of(DeviceScope.of(DeviceScope.ENDPOINT, 0, SourceId.of(0, 0x14, 0))))));
    assertThat(described("DMAR.bin", table.toBytes()))
        .contains("DRHD  unit at 0xfed90000", "00:14.0", "is not in whole pages");
  }

  @Test
  void debugfsTextThatIsDamagedNamesItsLine() throws IOException {
    String text = "IOMMU dmar0: Root Table Address: 0x1000\nB.D.F\n";
    assertThat(described("text", text.getBytes())).isEqualTo("nothing");
    assertThat(Evidence.open(folder.resolve("text")).toString())
        .contains("Line 2 must be the heading");
  }

  @Test
  void dumpsAreNoDocuments() throws IOException {
    assertThat(described("a.elf", new DumpBuilder().elf())).isEqualTo("nothing");
    assertThat(Document.describe(folder, false)).isEmpty();
    assertThat(Document.describe(folder.resolve("absent"), false)).isEmpty();
  }
}
