package org.iommulab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no file is refused with a sentence, what is no log is said to be none. */
final class InputFilesTest {

  private static final String FAULT =
      "[  1.0] DMAR: [DMA Write] Request device [03:00.0] fault addr fffe0000 [fault reason 05]"
          + " PTE Write access is not set\n";

  @TempDir private static Path folder;

  private final InputStream keyboard = System.in;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(List<String> words) {
    return CommandLine.run(
        new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
  }

  private int run(String... words) {
    return run(List.of(words));
  }

  @AfterEach
  void giveTheKeyboardBack() {
    System.setIn(keyboard);
  }

  /** Every command that reads a file, with FILE in its place. */
  static Stream<String> commands() {
    return Stream.of(
        "explain FILE",
        "explain FILE /dev/null",
        "explain FILE --report OUT.md",
        "audit FILE",
        "replay FILE",
        "compare FILE FILE",
        "inspect FILE",
        "inspect FILE --json",
        "inspect SOME --registers FILE",
        "grade FILE SOME",
        "grade hardware FILE",
        "grade practice FILE",
        "run FILE",
        "run --fork FILE SOME",
        "check-lesson FILE",
        "mend swapped-arguments FILE",
        "exercise translate --names FILE",
        "exec --machine FILE -- true",
        "bench --limit FILE --only iotlb-hit");
  }

  private List<String> words(String command, Path file) throws IOException {
    Path some = folder.resolve("some");
    if (!Files.exists(some)) {
      Files.writeString(some, "{\"op\":\"irq.read\"}\n");
    }
    var words = new ArrayList<String>();
    for (String word : command.split(" ", -1)) {
      words.add(
          switch (word) {
            case "FILE" -> file.toString();
            case "SOME" -> some.toString();
            case "OUT.md" -> folder.resolve("out.md").toString();
            default -> word;
          });
    }
    return words;
  }

  private void refused(String command, Path file) throws IOException {
    assertThat(run(words(command, file))).as(command).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(out + err.toString()).as(command).hasLineCount(1).doesNotContain("Exception");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatWaitsForAWriterIsRefused(String command) throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    if (!Files.exists(pipe)) {
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    }
    refused(command, pipe);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatHasNoEndIsRefused(String command) throws IOException {
    refused(command, Path.of("/dev/zero"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain", "audit", "replay", "inspect", "run", "check-lesson"})
  void fewBytesThatUnpackToManyAreNamed(String command) throws IOException {
    Path file = folder.resolve("zeros.gz");
    if (!Files.exists(file)) {
      try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
        byte[] zeros = new byte[1 << 20];
        for (int i = 0; i < 200; i++) {
          packed.write(zeros);
        }
      }
    }
    refused(command + " FILE", file);
    assertThat(err.toString()).doesNotContain("memory for this");
  }

  @Test
  void whatIsNoLogIsToldByWhatItLooksLike() throws IOException {
    Path file = folder.resolve("given");
    Files.writeString(file, "");
    assertThat(run("explain", file.toString())).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("is empty").hasLineCount(1);

    err.getBuffer().setLength(0);
    Files.write(file, new byte[] {1, 2, 3, 4, 0, 0, (byte) 0xFE, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
    assertThat(run("explain", file.toString())).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString())
        .contains("a binary file of 17 bytes that starts with 01 02 03 04 00 00 fe 09")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void standardInputIsLookedAtAsWell() {
    System.setIn(new ByteArrayInputStream(new byte[0]));
    assertThat(run("explain", "-")).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("standard input is empty").hasLineCount(1);

    err.getBuffer().setLength(0);
    System.setIn(new ByteArrayInputStream(new byte[200_000]));
    assertThat(run("explain", "-")).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("binary data that starts with 00").hasLineCount(1);
  }

  /** Serial consoles lose bytes: what holds a message is read. */
  @Test
  void messagesBetweenBrokenBytesAreRead() throws IOException {
    Path file = folder.resolve("console");
    byte[] fault = FAULT.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[fault.length + 64];
    System.arraycopy(fault, 0, bytes, 60, fault.length);
    bytes[59] = '\n';
    Files.write(file, bytes);
    assertThat(run("explain", file.toString())).isZero();
    assertThat(out.toString()).contains("03:00.0");
  }

  @Test
  void descriptorsOfTheProgramAreWaitedFor() {
    for (String command : List.of("explain", "inspect")) {
      out.getBuffer().setLength(0);
      System.setIn(new ByteArrayInputStream(FAULT.getBytes(StandardCharsets.US_ASCII)));
      assertThat(InputFile.of("/dev/fd/0").toString()).doesNotStartWith("/dev");
      System.setIn(new ByteArrayInputStream(FAULT.getBytes(StandardCharsets.US_ASCII)));
      assertThat(run(command, "/dev/fd/0")).isZero();
      assertThat(out.toString()).contains("03:00.0");
    }
  }

  @Test
  void whatCameThroughADescriptorIsCalledAsItWasNamed() {
    byte[] other = "nothing of the kind here\n".getBytes(StandardCharsets.US_ASCII);
    System.setIn(new ByteArrayInputStream(other));
    assertThat(run("explain", "-", "--report", "a.md")).isEqualTo(CommandLine.BAD_INPUT);
    System.setIn(new ByteArrayInputStream(other));
    assertThat(run("audit", "/dev/fd/0")).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString())
        .contains("about an IOMMU in standard input:", "about an IOMMU in /dev/fd/0:")
        .doesNotContain("iommu-lab-input")
        .hasLineCount(2);
  }

  @Test
  void descriptorsThatJavaItselfOpensAreNoInput() throws IOException {
    Path own = folder.resolve("own");
    Files.createSymbolicLink(own, Path.of(System.getProperty("java.home"), "lib", "modules"));
    assertThat(InputFile.isOwn(own)).isTrue();
    assertThat(InputFile.isOwn(Files.createFile(folder.resolve("somebodys")))).isFalse();
    assertThat(InputFile.isOwn(folder.resolve("closed"))).isFalse();
  }

  @Test
  void foldersWithoutALogAreNotExplained() throws IOException {
    Path tables = Files.createDirectories(folder.resolve("tables"));
    Files.writeString(
        tables.resolve("iomem"),
        "00001000-0009ffff : System RAM\n00100000-7fffffff : System RAM\n");
    assertThat(run("explain", tables.toString())).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("there is no kernel log and no trace").hasLineCount(1);
  }

  @Test
  void wordsThatMeanNothingAreRefused() throws IOException {
    Path log = Files.writeString(folder.resolve("log"), FAULT);
    assertThat(run("explain", "--device", "zz", log.toString())).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("--device must be bus:device.function");
    err.getBuffer().setLength(0);
    assertThat(run("inspect", "a", "b")).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("inspect takes DUMP; \"b\" is one word too many");
    err.getBuffer().setLength(0);
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "\n");
    assertThat(run("run", empty.toString())).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("holds no operation");
    err.getBuffer().setLength(0);
    assertThat(run("exec", "--era", "6.x", "--", "true")).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(err.toString()).contains("--era: the era is a version from 5.4 on");
    assertThat(run("help")).isZero();
    assertThat(run("help", "run")).isZero();
    assertThat(out.toString()).contains("Commands:", "Usage: iommu-lab run");
  }

  @Test
  void aYamlBombIsPlacedOnce() throws IOException {
    Path bomb = Files.writeString(folder.resolve("bomb.yaml"), "a: &a [x]\nb: [*a, *a]\n");
    assertThat(run("check-lesson", bomb.toString())).isEqualTo(CommandLine.BAD_INPUT);
    assertThat(out.toString()).containsOnlyOnce("line 1").contains("an anchor (&) at column 4");
  }
}
