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
import org.iommulab.words.Bilingual;
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
    assertThat(explained.walks().getFirst().report().english()).contains("PDPE[", "=> blocked");
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
  void filesNamedOneByOneAreTheSameCase() throws IOException {
    var paths = new java.util.ArrayList<Path>();
    Path place = asFolder();
    for (String name : texts.keySet()) {
      paths.add(place.resolve(name));
    }
    switch (Case.open(paths)) {
      case Case.Good(Case opened) -> isTheCase(opened);
      case Case.Bad(Bilingual sentence) -> assertThat(sentence.english()).isEmpty();
    }
  }

  private Finding answer(String kind, long address, int reason) throws IOException {
    texts.put(
        "dmesg.txt",
        String.format(
            Locale.ROOT,
            "[  100.000001] DMAR: [DMA %s NO_PASID] Request device [00:03.0] fault addr 0x%x"
                + " [fault reason 0x%02x] x%n",
            kind,
            address,
            reason));
    Path tar = file("answer.tar", asTar());
    return CaseExplanation.of(good(tar)).explanation().orElseThrow().diagnosis().answer();
  }

  @Test
  void physicalAddressIsProvedByTheMappingOfTheSameMemory() throws IOException {
    Finding answer = answer("Read", 0x1ABC000, 0x06);
    assertThat(answer.rule()).isEqualTo("N14");
    assertThat(answer.confidence()).isEqualTo(Finding.Confidence.HIGH);
    assertThat(answer.evidence())
        .anySatisfy(
            evidence ->
                assertThat(evidence.text().english())
                    .contains("the same memory is mapped at IOVA 0xfffff000"));
    assertThat(answer.evidence())
        .anySatisfy(
            evidence -> {
              assertThat(evidence.source()).isEqualTo("case/iomem.txt");
              assertThat(evidence.line()).isEqualTo(1);
            });
  }

  @Test
  void missingRightIsProvedByTheEntry() throws IOException {
    texts.put("debugfs/domain_translation_struct.txt", PAGES.replace("1abc003", "1abc001"));
    assertThat(answer("Write", 0xFFFFF000L, 0x05).rule()).isEqualTo("N19");
  }

  @Test
  void accessBehindTheEndOfAMappingIsTold() throws IOException {
    texts.put(
        "debugfs/domain_translation_struct.txt",
        PAGES.replace("0x00000000fffff", "0x00000000ffff0"));
    assertThat(answer("Read", 0xFFFF1000L, 0x06).rule()).isEqualTo("N15");
    assertThat(answer("Write", 0xFFFF1000L, 0x05).rule()).isEqualTo("N15b");
  }

  @Test
  void traceTellsWhenTheAddressWasUnmapped() throws IOException {
    texts.put(
        "trace.txt",
        """
        # tracer: nop
             init-1       [000] .....    99.000000: map: IOMMU: iova=0x00000000fff00000 - 0x00000000fff01000 paddr=0x0000000001abc000 size=4096
             init-1       [000] d..1.    99.500000: unmap: IOMMU: iova=0x00000000fff00000 - 0x00000000fff01000 size=4096 unmapped_size=4096
        """);
    Finding answer = answer("Write", 0xFFF00000L, 0x05);
    assertThat(answer.rule()).isEqualTo("P8");
    assertThat(answer.sentence(false)).contains("99.500000", "100.000001");
    assertThat(answer.evidence())
        .anySatisfy(evidence -> assertThat(evidence.source()).isEqualTo("case/trace.txt"));
  }

  @Test
  void kernelWithoutTheDriverIsProvedByItsOptions() throws IOException {
    texts.clear();
    texts.put(
        "dmesg.txt",
        "[    0.006000] ACPI: DMAR 0x000000007A1B5000 0000A8 (v01 INTEL  EDK2     00000002   "
            + "   01000013)\n[    1.000000] pci 0000:00:1f.0: x\n[    2.000000] e1000e: x\n");
    texts.put("config.txt", "CONFIG_PCI=y\n# CONFIG_INTEL_IOMMU is not set\n");
    Finding answer =
        CaseExplanation.of(good(asFolder())).explanation().orElseThrow().diagnosis().answer();
    assertThat(answer.rule()).isEqualTo("P4");
    assertThat(answer.confidence()).isEqualTo(Finding.Confidence.HIGH);
    assertThat(answer.evidence().getFirst().source()).isEqualTo("config.txt");
    assertThat(answer.evidence().getFirst().line()).isEqualTo(2);
  }

  @Test
  void whoReachesAPageIsToldWithProof() throws IOException {
    Case opened = good(asFolder());
    List<Target> targets =
        switch (Target.parse("Kernel code", opened)) {
          case Target.Meant(List<Target> meant) -> meant;
          case Target.Unclear(var sentence) -> throw new AssertionError(sentence.english());
        };
    List<Access> code =
        Access.of(opened, opened.snapshots().getFirst().tables(), targets.getFirst());
    assertThat(code).singleElement().matches(Access::reaches);
    assertThat(code.getFirst().proof().english()).contains("IOVA 0xfffff000 -> 0x1abc000");
    List<Access> other =
        Access.of(opened, opened.snapshots().getFirst().tables(), new Target(0x5000, 0x5FFF, "x"));
    assertThat(other).singleElement().matches(access -> !access.reaches());
    assertThat(other.getFirst().proof().english()).contains("no range leads there", "not present");
  }

  @Test
  void targetsThatCannotBeReadAreASentence() throws IOException {
    Case opened = good(asFolder());
    for (String text :
        List.of("kernel", "0x5000-0x4000", "0+0", "0x1000+0", "12345678901234567890", "")) {
      assertThat(Target.parse(text, opened))
          .isInstanceOfSatisfying(
              Target.Unclear.class,
              unclear -> assertThat(unclear.sentence().english()).endsWith("."));
    }
    assertThat(Target.parse("0x1_2345", opened))
        .isEqualTo(new Target.Meant(List.of(new Target(0x12000, 0x12FFF, "0x12000-0x12fff"))));
  }

  @Test
  void reportTellsEverythingAndHidesNames() throws IOException {
    texts.put(
        "dmesg.txt",
        "Feb 01 15:38:30 annas-box kernel: e1000e 0000:00:03.0: link down 52:54:00:12:34:56 on"
            + " annas-box\n"
            + "Feb 01 15:38:31 annas-box kernel: DMAR: [DMA Write NO_PASID] Request device"
            + " [00:03.0] fault addr 0x69974000 [fault reason 0x05] PTE Write access is not set\n");
    CaseExplanation explained = CaseExplanation.of(good(asFolder()));
    for (boolean chinese : new boolean[] {false, true}) {
      assertThat(CaseReport.markdown(explained, chinese))
          .contains(
              chinese ? "=> 被拦截" : "=> blocked",
              "0x69974000",
              "iommu-lab audit CASE --reach 0x69974000",
              "<mac>")
          .doesNotContain("annas-box", "52:54");
    }
  }

  @Test
  void whoReachesTheKernelIsFound() throws IOException {
    List<Audit.Exposure> found = Audit.of(good(asFolder()));
    assertThat(found.getFirst().rule()).isEqualTo("kernel");
    assertThat(found.getFirst().weight()).isEqualTo(Audit.Weight.ERROR);
    assertThat(found.getFirst().proof().getFirst().english()).contains("00:03.0", "0x1abc000");
  }

  /** Three English words in a row are a sentence that nobody translated. */
  private static final java.util.regex.Pattern ENGLISH =
      java.util.regex.Pattern.compile("[A-Za-z]{2,}(?: [a-z]{2,}){2,}");

  @Test
  void whatIsFoundIsSaidInBothLanguages() throws IOException {
    texts.put("groups.txt", "/sys/kernel/iommu_groups/4/devices/0000:00:03.0\n");
    Case opened = good(asFolder());
    CaseExplanation explained = CaseExplanation.of(opened);
    var said = new java.util.ArrayList<Bilingual>();
    for (Audit.Exposure exposure : Audit.of(opened)) {
      said.add(exposure.sentence());
      said.addAll(exposure.proof());
    }
    Target page = new Target(0x5000, 0x5FFF, "x");
    for (Access access : Access.of(opened, opened.snapshots().getFirst().tables(), page)) {
      said.add(access.proof());
    }
    explained.walks().forEach(walk -> said.add(walk.report()));
    for (Finding finding : explained.explanation().orElseThrow().diagnosis().findings()) {
      finding.evidence().stream()
          .filter(evidence -> !evidence.text().english().equals(evidence.text().chinese()))
          .forEach(evidence -> said.add(evidence.text()));
    }
    assertThat(said).hasSizeGreaterThan(6);
    for (Bilingual one : said) {
      assertThat(one.english()).as(one.chinese()).doesNotContainPattern("\\p{IsHan}");
      assertThat(one.chinese().replaceAll("Ethernet controller: Maker Card|PTE Write access.*", ""))
          .doesNotContainPattern(ENGLISH);
    }
    assertThat(said).extracting(Bilingual::chinese).anyMatch(text -> text.contains("被拦截"));
    assertThat(explained.text(null, true)).contains("域 ", "被拦截", "DMA 写");
  }

  @Test
  void traceAloneIsExplained() throws IOException {
    String line = "     init-1       [000] .....     %s: %s\n";
    String range = "iova=0x00000000fffff000 - 0x0000000100000000";
    String other = "iova=0x00000000ffff0000 - 0x00000000ffff1000";
    Path trace =
        file(
            "trace.txt",
            ("# tracer: nop\n"
                    + String.format(
                        line, "1.000000", "map: IOMMU: " + range + " paddr=0x1000 size=4096")
                    + String.format(
                        line, "1.100000", "map: IOMMU: " + other + " paddr=0x2000 size=4096")
                    + String.format(
                        line,
                        "2.000000",
                        "unmap: IOMMU: " + range + " size=4096 unmapped_size=4096")
                    + String.format(
                        line,
                        "2.100000",
                        "unmap: IOMMU: " + other + " size=4096 unmapped_size=4096")
                    + String.format(
                        line,
                        "3.000000",
                        "io_page_fault: IOMMU:intel 0000:00:03.0 iova=0x00000000fffff010"
                            + " flags=0x0001"))
                .getBytes(StandardCharsets.UTF_8));
    Finding answer =
        CaseExplanation.of(good(trace)).explanation().orElseThrow().diagnosis().answer();
    assertThat(answer.rule()).isEqualTo("P8");
    assertThat(answer.sentence(false)).contains("2.000000 s", "3.000000 s", "00:03.0");
    assertThat(answer.evidence()).extracting(Finding.Evidence::line).containsExactly(4L, 6L);
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
              assertThat(change.what()).isEqualTo(Comparison.What.RANGE);
              assertThat(change.before().english()).contains("0x1abc000 rw");
              assertThat(change.after().english()).contains("0x1abd000 r-");
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
        case Case.Good(Case opened) -> CaseExplanation.of(opened).text(null, false);
        case Case.Bad(Bilingual sentence) -> {
          assertThat(sentence.english()).endsWith(".").doesNotContain("\n");
          assertThat(sentence.chinese()).endsWith("。");
        }
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

  @Test
  void filesOfOneNameFromSeveralPlacesEachHaveTheirOwn() throws IOException {
    Path first = Files.createDirectories(folder.resolve("before")).resolve("dmesg.txt");
    Path second = Files.createDirectories(folder.resolve("after")).resolve("dmesg.txt");
    Files.writeString(first, LOG);
    Files.writeString(second, LOG.replace("00:03.0", "00:04.0"));
    Case opened = ((Case.Good) Case.open(List.of(first, second))).opened();
    assertThat(opened.files())
        .extracting(Case.SourceFile::name)
        .containsExactly("dmesg.txt", "dmesg.txt (2)");
    assertThat(opened.logs())
        .extracting(log -> log.name())
        .containsExactlyInAnyOrder("dmesg.txt", "dmesg.txt (2)");
  }
}
