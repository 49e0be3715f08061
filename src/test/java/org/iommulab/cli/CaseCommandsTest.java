package org.iommulab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a log and tables to a report, to the same fault in a fork, and to who reaches what. */
final class CaseCommandsTest {

  @TempDir private Path folder;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void collect() throws IOException {
    Files.writeString(
        folder.resolve("dmesg.txt"),
        """
        [  100.000001] DMAR: [DMA Write NO_PASID] Request device [00:03.0] fault addr 0xffffe000 [fault reason 0x05] PTE Write access is not set
        [  100.000002] DMAR: [DMA Read NO_PASID] Request device [00:03.0] fault addr 0xffffd000 [fault reason 0x06] PTE Read access is not set
        """);
    Files.writeString(
        folder.resolve("tables.txt"),
        """
        IOMMU dmar0: Root Table Address: 0x100000
        B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry
        00:03.0\t0x0000000000000000:0x0000000000101001\t0x0000000000000102:0x0000000000102001\t-1    \t0x0000000000000000:0x0000000000000000:0x0000000000000000

        Device 0000:00:03.0 @0x102000
        IOVA_PFN         \tPML5E             \tPML4E             \tPDPE              \tPDE               \tPTE
        0x00000000fffff |\t0x0000000000000000\t0x0000000000103003\t0x0000000000104003\t0x0000000000105003\t0x0000000001abc003
        """);
  }

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    return CommandLine.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void faultHappensAgainInAForkUntilItsEntryIsMended() throws IOException {
    String script = folder.resolve("faults.jsonl").toString();
    assertThat(run("explain", folder.toString(), "--replay", script)).isZero();
    assertThat(Files.readString(Path.of(script)))
        .contains("\"op\":\"dma.write\",\"rid\":\"00:03.0\",\"iova\":\"0xffffe000\"");
    assertThat(run("run", "--fork", folder.toString(), script)).isZero();
    assertThat(out.toString()).contains("\"reason\":5", "\"reason\":6");

    String mended = folder.resolve("mended.jsonl").toString();
    Files.writeString(
        Path.of(mended),
        """
        {"op":"mem.write","addr":"0x105ff0","u64":["0x1abd003"]}
        {"op":"dma.write","rid":"00:03.0","iova":"0xffffe000","data":"00000000"}
        """);
    assertThat(run("run", "--fork", folder.toString(), mended)).isZero();
    assertThat(out.toString()).contains("\"pa\":\"0x1abd000\"").doesNotContain("reason");
  }

  @Test
  void reportIsOneFileOfEitherForm() throws IOException {
    Path html = folder.resolve("report.html");
    assertThat(run("explain", folder.toString(), "--report", html.toString())).isZero();
    assertThat(Files.readString(html)).startsWith("<!doctype html>").contains("=&gt; blocked");
    Path text = folder.resolve("report.md");
    assertThat(run("explain", folder.toString(), "--report", text.toString())).isZero();
    assertThat(Files.readString(text)).startsWith("# ").contains("=> blocked");
    assertThat(run("explain", folder.toString(), "--report", "report.doc"))
        .isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("ends in .html or .md").hasLineCount(1);
  }

  @Test
  void devicesThatReachAPageAreNamedWithTheRange() {
    assertThat(run("audit", folder.toString(), "--reach", "0x1abc000"))
        .isEqualTo(CommandLine.EXPECTATION_FAILED);
    assertThat(out.toString()).contains("yes  00:03.0", "IOVA 0xfffff000 -> 0x1abc000");
    assertThat(run("audit", folder.toString(), "--reach", "0x1abd000", "--json")).isZero();
    assertThat(out.toString()).contains("\"reaches\":false", "\"device\":\"00:03.0\"");
    assertThat(run("audit", folder.toString(), "--reach", "Kernel code"))
        .isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("/proc/iomem").hasLineCount(1);
  }

  @Test
  void replayWithoutTablesSaysWhatIsMissing() {
    String script = folder.resolve("faults.jsonl").toString();
    assertThat(run("explain", folder.resolve("dmesg.txt").toString(), "--replay", script)).isZero();
    assertThat(err.toString()).contains("no tables in", "run --fork CASE").hasLineCount(1);
    assertThat(run("explain", folder.toString(), "--replay", script)).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void logWithoutAWordAboutRemappingIsALogAllTheSame(@TempDir Path plain) throws IOException {
    Files.writeString(
        plain.resolve("dmesg.txt"),
        """
        [    0.000000] Linux version 6.8.0 (builder@host) #1 SMP
        [    0.000000] Command line: quiet
        [    1.000000] usb 1-1: new high-speed USB device number 2 using xhci_hcd
        """);
    Files.writeString(plain.resolve("iomem.txt"), "00001000-0009ffff : System RAM\n");
    assertThat(run("explain", plain.toString())).isZero();
    assertThat(run("explain", plain.resolve("dmesg.txt").toString())).isZero();
  }

  @Test
  void caseWithoutTablesCannotBeForked() throws IOException {
    Path log = folder.resolve("dmesg.txt");
    Path script = Files.writeString(folder.resolve("a.jsonl"), "{\"op\":\"note\",\"text\":\"\"}");
    assertThat(run("run", "--fork", log.toString(), script.toString()))
        .isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("no tables").hasLineCount(1);
  }

  @Test
  void severalFilesAreOneCaseInJson() {
    assertThat(
            run(
                "explain",
                "--json",
                folder.resolve("dmesg.txt").toString(),
                folder.resolve("tables.txt").toString()))
        .isZero();
    assertThat(out.toString()).contains("\"walks\":[{", "\"entry\":\"PTE[510]\"");
  }

  private static final String OLDER =
      """
      [  200.000001] DMAR: [DMA Read NO_PASID] Request device [00:04.0] fault addr 0x7000 [fault reason 0x06] PTE Read access is not set
      """;

  @Test
  void everyLogOfACaseIsExplainedUnderItsName() throws IOException {
    Files.writeString(folder.resolve("older.txt"), OLDER);
    assertThat(run("explain", folder.toString())).isZero();
    assertThat(out.toString())
        .containsSubsequence("== dmesg.txt ==", "00:03.0", "== older.txt ==", "00:04.0");
    assertThat(run("explain", "--json", folder.toString())).isZero();
    assertThat(out.toString())
        .containsSubsequence(
            "\"log\":\"dmesg.txt\"", "\"other_logs\":[{\"log\":\"older.txt\"", "\"diagnosis\":");
  }

  @Test
  void oneLogOfACaseIsChosenByName() throws IOException {
    Files.writeString(folder.resolve("older.txt"), OLDER);
    assertThat(run("explain", folder.toString(), "--log", "older")).isZero();
    assertThat(out.toString()).contains("00:04.0").doesNotContain("dmesg.txt", "==");
    assertThat(run("explain", folder.toString(), "--log", "none")).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("there are: dmesg.txt, older.txt").hasLineCount(1);
  }

  @Test
  void logsBeyondThoseThatOneReadsAreNamed() throws IOException {
    for (int i = 0; i < 12; i++) {
      Files.writeString(folder.resolve("older-" + i + ".txt"), OLDER);
    }
    assertThat(run("explain", folder.toString())).isZero();
    assertThat(out.toString()).containsOnlyOnce("Not explained here").contains("(1)", "--log");
    assertThat(run("explain", folder.toString(), "--lang", "zh")).isZero();
    assertThat(out.toString()).contains("此处未解释的日志");
  }

  @Test
  void logsOfTwoCasesAreComparedByName(@TempDir Path other) throws IOException {
    for (Path each : List.of(folder, other)) {
      Files.writeString(each.resolve("older.txt"), OLDER);
    }
    Files.copy(folder.resolve("dmesg.txt"), other.resolve("dmesg.txt"));
    assertThat(run("compare", folder.toString(), other.toString())).isZero();
    Files.writeString(other.resolve("older.txt"), OLDER.replace("00:04.0", "00:05.0"));
    assertThat(run("compare", folder.toString(), other.toString()))
        .isEqualTo(CommandLine.EXPECTATION_FAILED);
    assertThat(out.toString())
        .contains("- fault older.txt dma-read 00:04.0", "+ fault older.txt dma-read 00:05.0")
        .hasLineCount(2);
    Files.writeString(other.resolve("newest.txt"), OLDER);
    assertThat(run("compare", folder.toString(), other.toString()))
        .isEqualTo(CommandLine.EXPECTATION_FAILED);
    assertThat(out.toString()).contains("+ log newest.txt  faults: 1");
  }
}
