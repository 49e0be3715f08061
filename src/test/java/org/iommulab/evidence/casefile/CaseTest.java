package org.iommulab.evidence.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** A folder, and the same folder in every archive, is one case. */
final class CaseTest {

  private static final String ROOTS =
      """
      IOMMU dmar0: Root Table Address: 0x100000
      B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry
      00:03.0\t0x0000000000000000:0x0000000000101001\t0x0000000000000102:0x0000000000102001\t-1    \t0x0000000000000000:0x0000000000000000:0x0000000000000000

      """;
  private static final String PAGES =
      """
      Device 0000:00:03.0 @0x102000
      IOVA_PFN         \tPML5E             \tPML4E             \tPDPE              \tPDE               \tPTE
      0x00000000fffff |\t0x0000000000000000\t0x0000000000103003\t0x0000000000104003\t0x0000000000105003\t0x0000000001abc003
      """;
  private static final String LOG =
      """
      [  100.000000] DMAR: DRHD: handling fault status reg 2
      [  100.000001] DMAR: [DMA Write NO_PASID] Request device [00:03.0] fault addr 0x69974000 [fault reason 0x05] PTE Write access is not set
      """;
  private static final String IOMEM =
      """
      00100000-7fffffff : System RAM
        01a00000-01bfffff : Kernel code
        69000000-69ffffff : Reserved
      """;

  private final Map<String, String> texts = new LinkedHashMap<>();

  @TempDir private Path folder;

  @BeforeEach
  void collect() {
    texts.put("debugfs/dmar_translation_struct.txt", ROOTS);
    texts.put("debugfs/domain_translation_struct.txt", PAGES);
    texts.put("dmesg.txt", LOG);
    texts.put("lspci.txt", "00:03.0 Ethernet controller [0200]: Maker Card [8086:10d3] (rev 01)\n");
    texts.put("iomem.txt", IOMEM);
  }

  private Path asFolder() throws IOException {
    Path place = Files.createDirectory(folder.resolve("case"));
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Path file = place.resolve(text.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, text.getValue());
    }
    return place;
  }

  private byte[] asTar() throws IOException {
    var out = new ByteArrayOutputStream();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      byte[] bytes = text.getValue().getBytes(StandardCharsets.UTF_8);
      out.write(header("case/" + text.getKey(), bytes.length));
      out.write(bytes);
      out.write(new byte[(512 - bytes.length % 512) % 512]);
    }
    out.write(new byte[1024]);
    return out.toByteArray();
  }

  private static byte[] header(String name, int size) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, String.format(Locale.ROOT, "%011o", size));
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = '0';
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xFF;
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0", sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Case good(Path path) {
    Case.Reading reading = Case.open(path);
    assertThat(reading).isInstanceOf(Case.Good.class);
    return ((Case.Good) reading).opened();
  }

  private static void isTheCase(Case opened) {
    assertThat(opened.snapshots()).hasSize(1);
    assertThat(opened.logs()).hasSize(1);
    assertThat(opened.device("00:03.0")).isEqualTo("00:03.0 Ethernet controller: Maker Card");
    CaseExplanation explained = CaseExplanation.of(opened);
    Finding answer = explained.explanation().orElseThrow().diagnosis().answer();
    assertThat(answer.rule()).isEqualTo("N7");
    assertThat(answer.confidence()).isEqualTo(Finding.Confidence.HIGH);
    assertThat(explained.walks().getFirst().report()).contains("PDPE[", "=> blocked");
  }

  @Test
  void aFolderIsACase() throws IOException {
    isTheCase(good(asFolder()));
  }

  @Test
  void theSameInAnArchiveIsTheSameCase() throws IOException {
    byte[] tar = asTar();
    isTheCase(good(file("case.tar", tar)));
    var packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(tar);
    }
    isTheCase(good(file("case.tar.gz", packed.toByteArray())));
    var xz = new ByteArrayOutputStream();
    try (OutputStream out = new XZOutputStream(xz, new LZMA2Options(1))) {
      out.write(tar);
    }
    isTheCase(good(file("case.tar.xz", xz.toByteArray())));
    var zip = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(zip)) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        out.putNextEntry(new ZipEntry("case/" + text.getKey()));
        out.write(text.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    isTheCase(good(file("case.zip", zip.toByteArray())));
  }

  @Test
  void whoReachesTheKernelIsFound() throws IOException {
    List<Audit.Exposure> found = Audit.of(good(asFolder()));
    assertThat(found.getFirst().rule()).isEqualTo("kernel");
    assertThat(found.getFirst().weight()).isEqualTo(Audit.Weight.ERROR);
    assertThat(found.getFirst().proof().getFirst()).contains("00:03.0", "0x1abc000");
  }

  @Test
  void whatChangedIsToldByStructure() throws IOException {
    Case before = good(asFolder());
    texts.put("debugfs/domain_translation_struct.txt", PAGES.replace("1abc003", "1abd001"));
    Case after = good(file("after.tar", asTar()));
    assertThat(Comparison.of(before, before)).isEmpty();
    assertThat(Comparison.of(before, after))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.kind()).isEqualTo(Comparison.Kind.CHANGED);
              assertThat(change.what()).isEqualTo("range");
              assertThat(change.before()).contains("0x1abc000 rw");
              assertThat(change.after()).contains("0x1abd000 r-");
            });
  }

  @Test
  void namesInAnArchiveLeadNowhereElse() throws IOException {
    texts.clear();
    texts.put("../../../../escaped.txt", LOG);
    Case opened = good(file("evil.tar", asTar()));
    assertThat(opened.files().getFirst().name()).isEqualTo("case/escaped.txt");
  }

  @Test
  void mutilatedArchivesAreASentenceOrACase() throws IOException {
    byte[] tar = asTar();
    for (int seed = 0; seed < 120; seed++) {
      var random = new Random(seed);
      byte[] bytes = Arrays.copyOf(tar, 1 + random.nextInt(tar.length));
      for (int i = random.nextInt(8); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      switch (Case.open(file("damaged", bytes))) {
        case Case.Good(Case opened) -> CaseExplanation.of(opened).text(false);
        case Case.Bad(String sentence) -> assertThat(sentence).endsWith(".").doesNotContain("\n");
      }
    }
  }

  @Test
  void realCapturesAreCases() throws IOException {
    Path captures = Shared.folder("captures/passthrough").orElse(null);
    if (captures == null) {
      return;
    }
    List<Audit.Exposure> found = Audit.of(good(captures.resolve("snap-idle")));
    assertThat(found).extracting(Audit.Exposure::rule).contains("pass-through");
  }
}
