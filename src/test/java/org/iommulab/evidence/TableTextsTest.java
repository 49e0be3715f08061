package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.iommulab.testing.Shared;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableUse;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Texts of debugfs as tables in memory: the same as a dump of that moment shows. */
final class TableTextsTest {

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
      0x00000000fffff |\t0x0000000000000000\t0x0000000000103003\t0x0000000000104003\t0x0000000000105003\t0x0000000000abc003
      """;

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Map<String, List<MappedRange>> ranges(Snapshot snapshot) {
    var ranges = new TreeMap<String, List<MappedRange>>();
    for (TableUse use : snapshot.tables().uses()) {
      ranges.put(use.source() + " " + use.pasid(), snapshot.tables().table(use.table()).ranges());
    }
    return ranges;
  }

  @Test
  void pastedTextsAreTables() throws IOException {
    Path pasted = file("paste.txt", "==> dmar_translation_struct <==\n" + ROOTS + PAGES);
    Snapshot snapshot = (Snapshot) Evidence.open(pasted);
    assertThat(ranges(snapshot).get("00:03.0 -1"))
        .singleElement()
        .satisfies(
            range -> {
              assertThat(range.iova()).isEqualTo(0xFFFF_F000L);
              assertThat(range.physical()).isEqualTo(0xABC000);
            });
    assertThat(written(snapshot, "dmar_translation_struct")).isEqualTo(ROOTS);
    assertThat(written(snapshot, "0000:00:03.0/domain_translation_struct")).isEqualTo(PAGES);
    assertThat(snapshot.warnings()).anyMatch(warning -> warning.contains("made up"));
  }

  @Test
  void aPageTableAloneIsShownToo() throws IOException {
    Snapshot snapshot = (Snapshot) Evidence.open(file("pages", PAGES));
    assertThat(ranges(snapshot)).containsOnlyKeys("00:03.0 -1");
    assertThat(ranges(snapshot).get("00:03.0 -1")).hasSize(1);
  }

  @Test
  void damagedTextsAreASentenceOrTables() throws IOException {
    for (int seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder(ROOTS + PAGES);
      for (int i = random.nextInt(6); i >= 0; i--) {
        text.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(90)));
      }
      switch (Evidence.open(file("damaged", text.toString()))) {
        case Snapshot snapshot -> ranges(snapshot);
        case BadEvidence(String sentence) -> assertThat(sentence).endsWith(".");
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> textsShowWhatTheDumpOfThatMomentShows() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (String name : List.of("captures", "captures73")) {
      Path captures = Shared.folder(name).orElse(null);
      if (captures == null) {
        continue;
      }
      try (Stream<Path> all = Files.walk(captures, 3)) {
        all.filter(TableTextsTest::holdsTexts)
            .sorted()
            .forEach(
                texts ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            captures.relativize(texts).toString(), () -> compare(texts))));
      }
    }
    return tests.stream();
  }

  private static boolean holdsTexts(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return Files.isDirectory(dump(folder))
          && files.anyMatch(file -> file.getFileName().toString().contains("dmar_translation"));
    } catch (IOException e) {
      return false;
    }
  }

  private static Path dump(Path texts) {
    String moment = texts.getFileName().toString().replaceFirst("^dbg-", "");
    return texts.getParent().resolveSibling("snap-" + moment);
  }

  private void compare(Path texts) throws IOException {
    Snapshot made = (Snapshot) Evidence.open(texts);
    Snapshot dump = (Snapshot) Evidence.open(dump(texts));
    Map<String, List<MappedRange>> shown = ranges(made);
    Map<String, List<MappedRange>> real = ranges(dump);
    assertThat(shown.keySet()).isEqualTo(real.keySet());
    for (String use : real.keySet()) {
      boolean told = Files.exists(texts) && isTold(texts, use);
      if (told) {
        assertThat(shown.get(use)).as(use).isEqualTo(real.get(use));
      }
    }
    assertThat(written(made, "dmar_translation_struct"))
        .isEqualTo(written(dump, "dmar_translation_struct"));
    assertThat(written(made, "ir_translation_struct"))
        .isEqualTo(written(dump, "ir_translation_struct"));
  }

  /** A file of the folder as the kernel would have shown it. */
  private String written(Snapshot snapshot, String name) throws IOException {
    Path target = Files.createTempDirectory(folder, "debugfs");
    DebugfsFolder.write(snapshot, target);
    return Files.readString(target.resolve(name));
  }

  /** The capture kept no text for some devices. */
  private static boolean isTold(Path texts, String use) throws IOException {
    String device = use.substring(0, use.indexOf(' ')).replace(':', '-');
    try (Stream<Path> files = Files.list(texts)) {
      return files.anyMatch(
          file ->
              file.getFileName().toString().contains(device + "__domain")
                  || file.getFileName().toString().equals("domain_translation_struct.txt"));
    }
  }
}
