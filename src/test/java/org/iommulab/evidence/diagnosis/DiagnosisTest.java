package org.iommulab.evidence.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** From a log to a cause. */
final class DiagnosisTest {

  /** The rule that explains each of the shared logs, which were diagnosed by hand. */
  private static final String RULES =
      """
      002 D2c 004 N18 006 I3 008 I2 010 Q1 012 D9a 014 D9b 016 N17 018 N7 020 D7a 022 N5 024 D8a
      026 N1 028 N2 030 D2d 032 I1 034 T2a 036 T2b 038 N12 040 I4 042 D2b 044 N13 046 H0 048 D2g
      050 D2h 052 I5 054 D9d 056 T6 058 I7 060 N21 062 H0 064 H0 066 H0 068 H0 070 H0 072 H0 074 H0
      076 H1 078 H0 079 H0 080 H0 081 H0 082 H0 083 H0 084 H0 085 P4 086 H0 087 P5 088 P1 089 P1
      090 P2 091 H0 125 N14 127 D7a 129 N16 131 N12 133 D1d 135 D1b 137 H0 139 N13 141 P1.unmap
      146 D8a
      """;

  @TestFactory
  Stream<DynamicTest> everySharedLogHasItsCause() {
    Path folder = Shared.folder("logs").orElse(null);
    if (folder == null) {
      return Stream.empty();
    }
    List<String> words = List.of(RULES.strip().split("\\s+"));
    Map<String, String> rules = new TreeMap<>();
    for (int i = 0; i < words.size(); i += 2) {
      rules.put(words.get(i), words.get(i + 1));
    }
    return rules.entrySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(),
                    () -> {
                      KernelLog log = KernelLog.read(folder.resolve(rule.getKey() + ".txt"));
                      Finding answer = Diagnosis.of(log).answer();
                      assertThat(answer.rule()).isEqualTo(rule.getValue());
                      assertThat(answer.sentence(false)).doesNotContain("?", "{");
                      assertThat(answer.sentence(true)).doesNotContain("{");
                    }));
  }

  @Test
  void bothLanguagesSayTheSame() {
    RuleTexts english = RuleTexts.of(false);
    RuleTexts chinese = RuleTexts.of(true);
    assertThat(chinese.keys()).isEqualTo(english.keys());
    Pattern place = Pattern.compile("\\{(\\w+?)(?:_zh)?\\}");
    for (String key : english.keys()) {
      var inEnglish = new TreeSet<String>();
      var inChinese = new TreeSet<String>();
      place
          .matcher(String.join("", english.points(key, Keep.ALL)))
          .results()
          .forEach(m -> inEnglish.add(m.group(1)));
      place
          .matcher(String.join("", chinese.points(key, Keep.ALL)))
          .results()
          .forEach(m -> inChinese.add(m.group(1)));
      assertThat(inChinese).as(key).isEqualTo(inEnglish);
      assertThat(chinese.points(key, Keep.ALL)).as(key).noneMatch(point -> point.contains("|"));
      assertThat(english.points(key, Keep.ALL)).as(key).noneMatch(point -> point.contains("|"));
    }
  }

  /** Leaves place-holders as they are. */
  private static final class Keep extends java.util.AbstractMap<String, String> {
    static final Keep ALL = new Keep();

    @Override
    public java.util.Set<Entry<String, String>> entrySet() {
      return java.util.Set.of();
    }

    @Override
    public String get(Object key) {
      return "{" + key + "}";
    }
  }

  @Test
  void switchingOffIsNeverTheFirstAdvice() {
    for (String key : RuleTexts.of(false).keys()) {
      if (key.endsWith(".try")) {
        assertThat(RuleTexts.of(false).points(key, Map.of()).getFirst())
            .as(key)
            .doesNotContain("intel_iommu=off", "iommu=off", "pcie_acs_override");
      }
    }
  }

  @Test
  void evidenceNamesTheLines() {
    KernelLog log =
        MadeUpLog.read(
            """
            [  100.0] xhci_hcd 0000:00:14.0: Cancel URB 1, ep 0x81
            [  100.1] DMAR: [DMA Write NO_PASID] Request device [00:14.0] fault addr 0xffa3c000 [fault reason 0x05] PTE Write access is not set
            """);
    Finding answer = Diagnosis.of(log).answer();
    assertThat(answer.rule()).isEqualTo("N13");
    assertThat(answer.confidence()).isEqualTo(Finding.Confidence.HIGH);
    assertThat(answer.evidence()).extracting(Finding.Evidence::line).containsExactly(2L, 1L);
  }

  @Test
  void nothingWrongIsAnAnswer() {
    Finding answer =
        Diagnosis.of(MadeUpLog.read("DMAR: Intel(R) Virtualization Technology for Directed I/O\n"))
            .answer();
    assertThat(answer.sentence(false)).isEqualTo("Nothing wrong is shown: VT-d is on.");
    assertThat(answer.sentence(true)).isEqualTo("未见异常：VT-d 已启用。");
  }

  @TestFactory
  Stream<DynamicTest> mutilatedLogsAreReadAllTheSame() throws IOException {
    Path folder = Shared.folder("logs").orElse(null);
    if (folder == null) {
      return Stream.empty();
    }
    List<Path> logs;
    try (Stream<Path> files = Files.list(folder)) {
      logs = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    return logs.stream()
        .map(
            log ->
                DynamicTest.dynamicTest(
                    "" + log.getFileName(), () -> mutilate(Files.readAllBytes(log))));
  }

  private static void mutilate(byte[] original) {
    for (int seed = 0; seed < 25; seed++) {
      var random = new Random(seed);
      byte[] text = Arrays.copyOf(original, 1 + random.nextInt(original.length));
      for (int i = random.nextInt(12); i >= 0; i--) {
        int at = random.nextInt(text.length);
        int length = Math.min(random.nextInt(40), text.length - at);
        switch (random.nextInt(4)) {
          case 0 -> text[at] = (byte) random.nextInt(256);
          case 1 ->
              Arrays.fill(text, at, at + length, (byte) "\n [0xf:.".charAt(random.nextInt(8)));
          case 2 ->
              System.arraycopy(text, random.nextInt(text.length - length + 1), text, at, length);
          default -> text[at] = '\n';
        }
      }
      var json = new StringWriter();
      Explanation explanation = Explanation.of(MadeUpLog.read(text));
      explanation.writeJson(json);
      assertThat(new JsonMapper().readTree(json.toString()).get("findings")).isNotEmpty();
      assertThat(explanation.text(false)).isNotBlank();
      assertThat(explanation.text(true)).isNotBlank();
    }
  }

  private static String rule(String log) {
    return Diagnosis.of(MadeUpLog.read(log)).answer().rule();
  }

  @Test
  void addressThatTheKernelRefusedIsNoHealth() {
    Finding answer =
        Diagnosis.of(
                MadeUpLog.read(
                    "[ 10.1] DMAR: intel_iommu_map: iommu width (39) is not sufficient for the"
                        + " mapped address (8800001000)\n"))
            .answer();
    assertThat(answer.rule()).isEqualTo("D4b");
    assertThat(answer.sentence(false)).contains("39 bits");
    assertThat(answer.evidence().getFirst().line()).isEqualTo(1);
  }

  @Test
  void otherArchitecturesAreToldApart() {
    assertThat(
            rule(
                "[ 2.0] arm-smmu-v3 2b400000.iommu: event 0x10 received:\n"
                    + "[ 2.1] iommu: Default domain type: Translated\n"))
        .isEqualTo("P10");
  }

  @Test
  void controllerThatFaultsWhileItIsSetUpWasLeftRunning() {
    assertThat(
            rule(
                """
                [   44.979061] megaraid_sas 0000:02:00.0: FW now in Ready state
                [   45.235366] DMAR: [DMA Write] Request device [02:00.0] PASID ffffffff fault addr 5b2f3000 [fault reason 05] PTE Write access is not set
                [   45.235466] DMAR: [DMA Write] Request device [02:00.0] PASID ffffffff fault addr 5b2f8000 [fault reason 05] PTE Write access is not set
                """))
        .isEqualTo("N23");
  }

  @Test
  void graphicsWithAnAddressBeyondMemoryIsWrongBeforeItsEntriesAre() {
    assertThat(
            rule(
                """
                [ 1692.021403] dmar: DMAR:[DMA Read] Request device [00:02.0] fault addr 1a45aa9000
                [ 1692.021403] DMAR:[fault reason 12] non-zero reserved fields in PTE
                """))
        .isEqualTo("D7a");
  }

  /** What lspci and the map of memory say. */
  private static Surroundings machine(Map<String, String> ids) {
    return new Surroundings() {
      @Override
      public java.util.Optional<Memory> memory(long address) {
        return address >= 0xE0000000L && address < 0xE1000000L
            ? java.util.Optional.of(Memory.DEVICE)
            : java.util.Optional.empty();
      }

      @Override
      public java.util.Optional<String> owner(long address) {
        return java.util.Optional.of("0000:65:00.0");
      }

      @Override
      public java.util.Optional<String> device(String bdf) {
        return java.util.Optional.ofNullable(ids.get(bdf)).map(number -> "device");
      }

      @Override
      public java.util.Optional<String> ids(String bdf) {
        return java.util.Optional.ofNullable(ids.get(bdf));
      }

      @Override
      public boolean knowsDevices() {
        return true;
      }
    };
  }

  @Test
  void numbersOfDevicesDecideWhereTheirHabitsAreKnown() {
    KernelLog ghost =
        MadeUpLog.read(
            "[ 3.1] DMAR: [DMA Read] Request device [04:00.1] fault addr fffe0000 [fault reason"
                + " 02] Present bit in context entry is clear\n");
    Finding alias = Diagnosis.of(ghost, machine(Map.of("04:00.0", "1b4b:9230"))).answer();
    assertThat(alias.rule()).isEqualTo("D2a");
    assertThat(alias.confidence()).isEqualTo(Finding.Confidence.HIGH);
    assertThat(
            Diagnosis.of(ghost, machine(Map.of("04:00.0", "8086:1572", "04:00.1", "8086:1572")))
                .answer()
                .rule())
        .isNotEqualTo("D2a");
    KernelLog graphics =
        MadeUpLog.read(
            "[ 300.1] DMAR: [DMA Read] Request device [00:02.0] fault addr fffe0000 [fault reason"
                + " 06] PTE Read access is not set\n");
    assertThat(Diagnosis.of(graphics, machine(Map.of("00:00.0", "8086:2a40"))).answer().rule())
        .isEqualTo("N6");
    KernelLog peer =
        MadeUpLog.read(
            "[ 300.1] DMAR: [DMA Write] Request device [17:00.0] fault addr e0010000 [fault reason"
                + " 05] PTE Write access is not set\n");
    Finding window = Diagnosis.of(peer, machine(Map.of("17:00.0", "10de:2330"))).answer();
    assertThat(window.rule()).isEqualTo("N20");
    assertThat(window.sentence(false)).contains("0000:65:00.0");
  }
}
