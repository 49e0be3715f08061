package org.iommulab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return CommandLine.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private String script(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, java.util.List.of(lines));
    return file.toString();
  }

  @Test
  void resultsGoToStandardOutputOnly() throws IOException {
    String file = script("a.jsonl", "{\"op\":\"mem.read\",\"addr\":4096,\"count\":1}");
    assertThat(run("run", file)).isZero();
    assertThat(out.toString().strip()).isEqualTo("{\"i\":0,\"op\":\"mem.read\",\"u64\":[\"0x0\"]}");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void eachProgramHasAFreshMachineAndItsOwnResultFile() throws IOException {
    String first =
        script(
            "a.jsonl",
            "{\"op\":\"mem.write\",\"addr\":4096,\"u64\":[7]}",
            "{\"op\":\"mem.read\",\"addr\":4096,\"count\":1}");
    String second = script("b.jsonl", "{\"op\":\"mem.read\",\"addr\":4096,\"count\":1}");
    Path results = folder.resolve("results");
    assertThat(run("run", "--out", results.toString(), first, second)).isZero();
    assertThat(results.resolve("a.jsonl")).content().contains("\"0x7\"");
    assertThat(results.resolve("b.jsonl")).content().contains("\"0x0\"");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void failedExpectationGivesExitCodeOne() throws IOException {
    String file = script("a.jsonl", "{\"op\":\"expect\",\"path\":\"mem(0x1000)\",\"value\":5}");
    assertThat(run("run", file)).isEqualTo(1);
    assertThat(out.toString()).contains("\"ok\":false");
    assertThat(err.toString()).contains("expected mem(0x1000) to be 5, but it is 0");
  }

  @Test
  void mistakesInAScriptAreNamedWithTheirLine() throws IOException {
    String file = script("a.jsonl", "", "{\"op\":\"rset\"}");
    assertThat(run("run", file)).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "iommu-lab: %s, line 2: unknown operation \"rset\"; did you mean \"reset\"?%n",
                file));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void programStopsAtAnOperationThatCannotBeCarriedOut() throws IOException {
    String file =
        script(
            "a.jsonl",
            "{\"op\":\"note\",\"text\":\"x\"}",
            "{\"op\":\"dma.read\",\"rid\":\"00:1f.7\",\"iova\":0,\"len\":1}",
            "{\"op\":\"irq.read\"}");
    assertThat(run("run", file)).isEqualTo(2);
    assertThat(out.toString())
        .startsWith("{\"i\":1,\"op\":\"dma.read\",\"error\":")
        .hasLineCount(1);
  }

  @Test
  void otherProgramsRunAlthoughOneIsBad() throws IOException {
    String bad = script("bad.jsonl", "{");
    String good = script("good.jsonl", "{\"op\":\"irq.read\"}");
    assertThat(run("run", bad, good)).isEqualTo(2);
    assertThat(out.toString()).contains("\"irqs\":[]");
  }

  @Test
  void unknownThingsAreNamed() {
    assertThat(run("run", "no-such-preset")).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is no file and no preset \"no-such-preset\"; presets are vfio-dma-map,");
    assertThat(run("rnu")).isEqualTo(2);
    assertThat(run("run")).isEqualTo(2);
    assertThat(run("run", "--profile", "nonsense", "vfio-dma-map")).isEqualTo(2);
    assertThat(run("inspect", folder.resolve("nothing").toString())).isEqualTo(2);
    assertThat(run("bench", "nonsense")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(err.toString().lines()).hasSize(7);
  }

  @Test
  void benchListsItsWorkloadsForTheLauncher() {
    assertThat(run("bench", "--list")).isZero();
    assertThat(out.toString().lines()).contains("iotlb-hit", "map-4k");
  }

  @Test
  void fuzzDoesItsRoundsAndNamesWhatItCannotUse() {
    assertThat(run("fuzz", "--rounds", "2", "--seed", "9")).isZero();
    assertThat(out.toString()).contains("2 rounds", "seeds 9 to 10", "nothing found");
    assertThat(run("fuzz", "--rounds", "0")).isEqualTo(2);
    assertThat(run("fuzz", "--profile", "nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no profile \"nonsense\"");
  }

  @Test
  void helpAndVersionExplainThemselves() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("run", "inspect", "bench", "render", "Exit codes");
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).contains("iommu-lab ");
    assertThat(run("run", "--help")).isZero();
    assertThat(out.toString()).contains("spec, ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void presetsRunByName() {
    assertThat(run("run", "stale-iotlb")).isZero();
    assertThat(out.toString()).contains("\"st\":\"blocked\"");
  }

  /** What stands in a script, and what is said of it behind the name of the file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"op":"machine" | line 1: this is not JSON at column 16 (it ends too early)
          {"op":x} | line 1: this is not JSON at column 7 ("x" cannot stand here)
          {"op":"note","op":"x"} | line 1: this is not JSON at column 18 (the name "op" stands twice)
          {"op":"\\u001b[31mred\\nnext"} | line 1: unknown operation "\\u001b[31mred\\nnext"
          {"op":"mem.read","addr":"٣","count":1} | line 1: mem.read: "addr" must be a number between 0 and 2^64-1 such as 31 or "0x1f", not "٣"
          """)
  void sentencesAreOurOwnAndNameThePlace(String script, String sentence) throws IOException {
    Path file = folder.resolve("bad.jsonl");
    Files.writeString(file, script);
    assertThat(run("run", file.toString())).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo("iommu-lab: " + file + ", " + sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: &x 1", "a: *x", "<<: {a: 1}", "a: !!str x", "--- 1\n--- 2", "a: [1", "\t"})
  void whatMakesADocumentOtherThanItLooksIsRefusedWithItsPlace(String yaml) throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, "# comment\n" + yaml);
    assertThat(run("run", file.toString())).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).containsPattern("line \\d+, column \\d+");
  }

  @Test
  void sentencesStayOnOneShortLine() throws IOException {
    for (String script :
        List.of(
            "{\"op\":\"" + "r".repeat(200_000) + "\"}",
            "{\"op\":\"reset\",\"" + "r".repeat(200_000) + "\":1}",
            "{\"op\":\"note\",\"text\":[" + "[1],".repeat(50_000) + "1]}",
            "[".repeat(600))) {
      err.getBuffer().setLength(0);
      Path file = folder.resolve("long.jsonl");
      Files.writeString(file, script);
      assertThat(run("run", file.toString())).isEqualTo(2);
      assertThat(err.toString()).hasLineCount(1).hasSizeLessThan(500);
    }
  }

  /** The word behind {@code --advise} is a file unless it says how. */
  @Test
  void adviceIsAskedForWithOrWithoutAWord() {
    String file = "src/test/resources/advice/K21.jsonl";
    for (String[] words :
        List.of(
            new String[] {"run", "--advise", file},
            new String[] {"run", file, "--advise"},
            new String[] {"run", "--advise=review", file},
            new String[] {"run", "--advise", "default", file})) {
      out.getBuffer().setLength(0);
      assertThat(run(words)).as(String.join(" ", words)).isZero();
      assertThat(out.toString()).contains("\"advice\":\"K21\"");
    }
    assertThat(run("run", "--advise=much", file)).isEqualTo(2);
    assertThat(err.toString()).contains("much");
  }

  @Test
  void aFolderOfSessionsIsGradedAndNobodyIsLost() throws IOException {
    Files.writeString(folder.resolve("ada.jsonl"), "");
    Files.writeString(folder.resolve("bob.jsonl"), "not a session\n");
    assertThat(run("grade", "hardware", folder.toString(), "--csv")).isEqualTo(2);
    assertThat(out.toString().lines()).hasSize(3);
    assertThat(out.toString()).contains("ada,", "bob,", "this is not JSON");
    out.getBuffer().setLength(0);
    assertThat(run("grade", "hardware", folder.resolve("ada.jsonl").toString(), "--hands"))
        .isZero();
    assertThat(out.toString()).contains("gsts: ", "no answer");
    assertThat(run("grade", "practice", folder.toString(), "--hands")).isEqualTo(2);
    out.getBuffer().setLength(0);
    assertThat(run("grade", "hardware", folder.toString(), "--lang", "zh")).isEqualTo(2);
    assertThat(out.toString().lines().findFirst().orElseThrow()).contains("会话", "一次答对");
    out.getBuffer().setLength(0);
    assertThat(run("grade", "practice", folder.toString())).isEqualTo(2);
    assertThat(out.toString().lines()).hasSize(2);
    assertThat(out.toString()).contains("ada", "bob", "this is not JSON");
  }

  @Test
  void aLanguageIsOneOfTwoEverywhere() {
    for (String command : List.of("grade", "mend", "exercise", "explain", "audit")) {
      err.getBuffer().setLength(0);
      assertThat(run(command, "--lang", "fr", "x", "y")).isEqualTo(2);
      assertThat(err.toString()).as(command).contains("--lang").contains("\"fr\"");
    }
    assertThat(run("mend", "reserved-bit", "--lang", "zh")).isZero();
    assertThat(err.toString()).contains(" 是 ");
  }

  @Test
  void sheetsNeedNamesThatCanBeRead() throws IOException {
    Path names = folder.resolve("class.txt");
    assertThat(run("exercise", "translate", "--names", names.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("the names cannot be read");
    Files.writeString(names, "\n \n");
    assertThat(run("exercise", "translate", "--names", names.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there is no name in it");
    assertThat(run("exercise", "juggle")).isEqualTo(2);
    assertThat(err.toString()).contains("the kinds are ");
  }

  @Test
  void wordsOfTheCommandLineAreOurOwn() {
    assertThat(run("run")).isEqualTo(2);
    assertThat(err.toString()).contains("run needs FILE");
    assertThat(run("mend", "nosuch")).isEqualTo(2);
    assertThat(err.toString()).contains("no entry \"nosuch\"; entries are missing-invalidation, ");
    assertThat(run("run", "break-it/nosuch")).isEqualTo(2);
    assertThat(err.toString()).contains("\"nosuch\"; those are missing-invalidation, ");
    assertThat(run("fuzz", "--seed", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("--seed N cannot be \"x\"");
  }

  /** As those of the window are called, which are no subcommands. */
  @picocli.CommandLine.Command(name = "iommu-lab elsewhere")
  private static final class Elsewhere implements Runnable {
    @picocli.CommandLine.Parameters(paramLabel = "PRESET")
    private String preset = "";

    @Override
    public void run() {
      throw new AssertionError(preset);
    }
  }

  @Test
  void theProgramsNameIsSaidOnce() throws IOException {
    var told = new StringWriter();
    try (var nowhere = new FileOutputStream(folder.resolve("out").toFile())) {
      CommandLine.run(new Elsewhere(), new StandardOutput(nowhere, false), new PrintWriter(told));
      CommandLine.run(
          new Elsewhere(), new StandardOutput(nowhere, false), new PrintWriter(told), "a", "b");
    }
    assertThat(told.toString())
        .startsWith("iommu-lab: elsewhere needs PRESET; see iommu-lab elsewhere --help")
        .contains("iommu-lab: elsewhere takes PRESET; \"b\" is one word too many");
  }
}
