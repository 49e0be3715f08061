package org.iommulab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.evidence.DumpBuilder;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a command cannot write, one sentence says why, in words and not in those of the system. */
final class OutputFilesTest {

  private static final String LOG =
      """
      [  1.0] DMAR: [DMA Write] Request device [03:00.0] fault addr fffe0000 [fault reason 05] PTE Write access is not set
      """;

  private static final String CALLS =
      """
      {"n":1,"call":"openat","args":{"path":"/dev/iommu"},"ret":3,"errno":0}
      """;

  @TempDir private static Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void collect() throws IOException {
    Files.writeString(folder.resolve("log"), LOG);
    Files.writeString(folder.resolve("calls"), CALLS);
    Files.write(folder.resolve("dump"), new DumpBuilder().elf());
    Files.writeString(folder.resolve("script.jsonl"), "{\"op\":\"irq.read\"}\n");
  }

  /** Every option that writes a file, with OUT in its place, or a folder, with DIR. */
  static Stream<String> options() {
    return Stream.of(
        "explain log --report OUT",
        "explain log --replay OUT",
        "replay calls --script OUT",
        "exec --record OUT -- true",
        "run --out DIR script.jsonl",
        "exercise translate --out DIR",
        "inspect dump --debugfs DIR");
  }

  private List<String> words(String option, String target) {
    var words = new ArrayList<String>();
    for (String word : option.split(" ", -1)) {
      words.add(
          switch (word) {
            case "OUT", "DIR" -> target;
            case "log", "calls", "dump", "script.jsonl" -> folder.resolve(word).toString();
            default -> word;
          });
    }
    return words;
  }

  private void refused(String option, String target) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = words(option, target).toArray(String[]::new);
    int code = CommandLine.run(new PrintWriter(out), new PrintWriter(err), words);
    String what = String.join(" ", words) + ": " + err;
    assertThat(code).as(what).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString().strip()).as(what).hasLineCount(1).doesNotContain("Exception", "null");
    // What the system says begins with the name of the file once more.
    assertThat(err.toString()).as(what).doesNotContainPattern("(\\S+): \\1(?! is )");
  }

  @ParameterizedTest
  @MethodSource("options")
  void whyItCannotBeWrittenIsSaid(String option) throws IOException {
    boolean file = option.contains("OUT");
    String ending = option.contains("--report") ? ".md" : "";
    Path taken = Files.writeString(folder.resolve("taken"), "");
    Path blocked = Files.createDirectories(folder.resolve("folder" + ending));
    if (file) {
      refused(option, blocked.toString());
      refused(option, folder.resolve("nowhere/x" + ending).toString());
    } else {
      refused(option, taken.toString());
    }
    refused(option, taken.resolve("x" + ending).toString());
    refused(option, "/proc/x" + ending);
    if (ending.isEmpty()) {
      refused(option, "/dev/full");
    }
  }

  /** A folder in which everything ends on a full disk. */
  @Test
  void fullDiskIsNamed() throws IOException {
    Path full = Files.createDirectories(folder.resolve("full"));
    Files.createSymbolicLink(full.resolve("script.jsonl"), Path.of("/dev/full"));
    Files.createSymbolicLink(full.resolve("x.md"), Path.of("/dev/full"));
    Files.createSymbolicLink(full.resolve("translate-1.html"), Path.of("/dev/full"));
    refused("run --out DIR script.jsonl", full.toString());
    assertThat(err.toString()).contains("disk full");
    for (String option : List.of("explain log --report OUT", "exercise translate --out DIR")) {
      refused(option, option.contains("OUT") ? full.resolve("x.md").toString() : full.toString());
      assertThat(err.toString()).contains("No space left on device");
    }
  }

  @Test
  void journalsSayTheSame() {
    var laboratory = new Laboratory();
    if (Command.parse("{\"op\":\"irq.read\"}") instanceof Reading.Good<Command>(Command one)) {
      laboratory.execute(one);
    }
    assertThat(laboratory.save(folder.resolve("log/journal.jsonl")).orElse(""))
        .contains("cannot be written: ")
        .endsWith("is a file, not a folder");
  }

  /** A disk that is full loses results and says so; a reader who has seen enough may leave. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsLostOnStandardOutputIsTold(boolean kept) throws IOException {
    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
      String script = folder.resolve("script.jsonl").toString();
      var standard = new StandardOutput(full, kept);
      int code = CommandLine.run(new RunCommand(), standard, new PrintWriter(err), script);
      assertThat(code).isEqualTo(kept ? CommandLine.BAD_INPUT : CommandLine.DONE);
    }
    assertThat(err.toString())
        .isEqualTo(
            kept ? "iommu-lab: standard output cannot be written: No space left on device\n" : "");
  }
}
