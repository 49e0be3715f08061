package org.iommulab.peer.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.iommulab.peer.host.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that fork, are killed, stopped, traced, short of descriptors, or outlive their parents:
 * nothing hangs, nothing is left. Where a machine forbids to watch programs, says so.
 */
@Timeout(240)
final class OddProgramsTest {

  private static final String CLASS_PATH =
      String.join(
          File.pathSeparator,
          System.getProperty("java.class.path"),
          System.getProperty("jdk.module.path", ""),
          "target/classes");

  @TempDir private static Path folder;
  private static @Nullable Path odd;

  @BeforeAll
  static void compile() throws IOException, InterruptedException {
    odd = ProgramTrial.compiled(folder, "odd");
  }

  @ParameterizedTest
  @CsvSource({
    "forks, 0",
    "kills, 0",
    "signals, 0",
    "stopped, 0",
    "traces, 0",
    "numbers, 0",
    "stays, 0",
    "exhausts, 0",
    "executes, 0",
    "outlives, 3",
    "lost, 0",
    "ring, 0",
    "full, 0",
    "answers, 0"
  })
  void oddProgramLeavesNothing(String mode, int expected) throws IOException {
    Path program = odd;
    if (program != null) {
      assertThat(ProgramTrial.run(List.of(program.toString(), mode))).isIn(expected, -1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"orphans", "becomes", "races"})
  void oddProgramAtRegistersLeavesNothing(String mode) throws IOException {
    if (Tracer.isPossible()) {
      oddProgramLeavesNothing(mode, 0);
    }
  }

  /** Served to their ends, with the first one's exit code. */
  @Test
  void whatTheProgramHasStartedIsWaitedFor() throws IOException {
    Path done = folder.resolve("done");
    String late =
        "parent=$$; (while test -e /proc/$parent; do :; done; test -c /dev/iommu && echo yes > "
            + done
            + ") & exit 7";
    int code = ProgramTrial.run(List.of("sh", "-c", late));
    assertThat(code).isIn(7, -1);
    assertThat(code < 0 || Files.readString(done).equals("yes\n")).isTrue();
  }

  @Test
  void whatCannotBeStartedIsToldInOneSentence() throws IOException {
    if (why("true").contains("watched")) {
      System.err.println("not tried: this machine forbids to watch programs");
      return;
    }
    assertThat(why("there-is-no-such-program"))
        .isEqualTo(
            "\"there-is-no-such-program\" cannot be started: no folder of PATH has such a program;"
                + " check the spelling, or give its path");
    assertThat(why("./none")).startsWith("\"./none\" ").contains("there is no such file");
    assertThat(why("/etc/passwd/none")).contains("there is no such file");
    assertThat(why("/etc/passwd")).contains("may not be executed", "chmod +x /etc/passwd");
    assertThat(why(folder.toString())).contains("it is a folder; name a program in it");
    assertThat(why(text("text", "echo hello\n")))
        .contains("neither a program for this machine nor a script that begins with #!");
    assertThat(why(text("script", "#!/no/such/shell -e\n"))).contains("names \"/no/such/shell\"");
    assertThat(why(text("windows", "#!/bin/sh\r\necho\r\n"))).contains("carriage return");
    assertThat(why(executable("small", new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1})))
        .contains("small\" cannot be watched", "a program of 32 bits");
    assertThat(why(executable("old", new byte[] {0x7F, 'E', 'L', 'F', 2, 9, 9})))
        .contains("neither a program for this machine");
    assertThat(why("")).doesNotContain("\n").contains("cannot be started");
  }

  private static String text(String name, String content) throws IOException {
    return executable(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private static String executable(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file.toString();
  }

  private static String why(String program) {
    try {
      return "it ran, "
          + ProgramRun.run(ProgramTrial.booted(new StringWriter()), List.of(program), null);
    } catch (ProgramRun.Failure e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The laboratory killed, a program finds no kernel any more; asked to end, it ends it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProgramDoesNotOutliveItsKernel(boolean killed) throws Exception {
    Path program = odd;
    if (program == null) {
      return;
    }
    Process laboratory = laboratory(program.toString(), "for-ever");
    try (BufferedReader output = laboratory.inputReader()) {
      String line = output.readLine();
      if (line == null) {
        System.err.println("not tried: this machine forbids to watch programs");
        return;
      }
      var orphan = ProcessHandle.of(Long.parseLong(line)).orElseThrow();
      if (killed) {
        laboratory.destroyForcibly();
      } else {
        laboratory.destroy();
      }
      assertThat(laboratory.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(laboratory.exitValue()).isEqualTo(killed ? 137 : 143);
      orphan.onExit().get(60, TimeUnit.SECONDS);
    } finally {
      laboratory.destroyForcibly();
    }
  }

  /** The same with a window, which has no output of the program to read its number from. */
  @Test
  void aProgramDoesNotOutliveItsWindow() throws Exception {
    Path program = odd;
    Path pipe = folder.resolve("numbers");
    if (program == null || new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
      return;
    }
    if (why("true").contains("watched")) {
      System.err.println("not tried: this machine forbids to watch programs");
      return;
    }
    String told = "echo $$ > " + pipe + "; exec " + program + " for-ever";
    Process laboratory = laboratory(List.of("--window"), "sh", "-c", told);
    try (BufferedReader output = Files.newBufferedReader(pipe)) {
      var orphan = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
      laboratory.destroy();
      assertThat(laboratory.waitFor(60, TimeUnit.SECONDS)).isTrue();
      orphan.onExit().get(60, TimeUnit.SECONDS);
    } finally {
      laboratory.destroyForcibly();
    }
  }

  private static Process laboratory(String... program) throws IOException {
    return laboratory(List.of(), program);
  }

  private static Process laboratory(List<String> options, String... program) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Dglass.platform=Headless",
                "-Dprism.order=sw",
                "-Duser.home=" + folder,
                "-cp",
                CLASS_PATH,
                "org.iommulab.app.Main",
                "exec"));
    command.addAll(options);
    command.add("--");
    command.addAll(List.of(program));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
