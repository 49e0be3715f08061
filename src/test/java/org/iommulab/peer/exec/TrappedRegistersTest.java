package org.iommulab.peer.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.peer.host.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Registers behind mapped BARs, touched by programs that fork, are killed, hand descriptors over
 * and close them in odd order. Where a machine forbids to watch programs, says so.
 */
@Timeout(240)
final class TrappedRegistersTest {

  @TempDir private static Path folder;
  private static @Nullable Path hostile;

  /** The program in C exists where a compiler does. */
  @BeforeAll
  static void compile() throws IOException, InterruptedException {
    Path source = folder.resolve("hostile.c");
    try (InputStream text = TrappedRegistersTest.class.getResourceAsStream("hostile.c")) {
      Files.copy(java.util.Objects.requireNonNull(text), source);
    }
    Path program = folder.resolve("hostile");
    try {
      int code =
          new ProcessBuilder("cc", "-O1", "-pthread", "-o", program.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("cc.log").toFile())
              .start()
              .waitFor();
      hostile = code == 0 ? program : null;
    } catch (IOException noCompiler) {
      hostile = null;
    }
    if (hostile == null) {
      System.err.println("the program in C is not tried: no compiler, or no headers of VFIO here");
    }
  }

  private static String execute(Laboratory laboratory, Command command) {
    assertThat(laboratory.execute(command)).isNotInstanceOf(Result.Refused.class);
    return command.toJson() + "\n";
  }

  /** Runs a program; its exit code, -1 if this machine forbids that; nothing may be left. */
  private static int run(List<String> command) throws IOException {
    var laboratory = new Laboratory("spec");
    var record = new StringWriter();
    record.write(RecordReplay.HEAD + "\n");
    record.write(execute(laboratory, ProgramMachine.board()));
    record.write(execute(laboratory, ProgramMachine.boot(laboratory, "7.3")));
    int code;
    try {
      code = ProgramRun.run(laboratory, command, record);
    } catch (ProgramRun.Failure e) {
      System.err.println("not tried, because of this machine: " + e.getMessage());
      return -1;
    }
    assertThat(laboratory.view().kernel().orElseThrow().leaks()).isEmpty();
    switch (RecordReplay.of(new BufferedReader(new StringReader(record.toString())))) {
      case Reading.Bad<RecordReplay>(String sentence) -> throw new AssertionError(sentence);
      case Reading.Good<RecordReplay>(RecordReplay replay) -> {
        assertThat(replay.differences()).isEmpty();
        assertThat(replay.laboratory().view().kernel().orElseThrow().leaks()).isEmpty();
      }
    }
    return code;
  }

  @Test
  void programDrivesTheEngineThroughItsMapping() throws IOException {
    int code = run(ProgramRunTest.program(TouchesRegisters.class));
    assertThat(code).isIn(42, -1, Tracer.isPossible() ? 42 : 11);
  }

  @ParameterizedTest
  @CsvSource({
    "instructions, 0",
    "threads, 0",
    "forks, 0",
    "signals, 0",
    "descriptors, 0",
    "interrupts, 0",
    "killed, 137"
  })
  void hostileProgramMeetsADevice(String mode, int expected) throws IOException {
    Path program = hostile;
    if (program == null || !Tracer.isPossible()) {
      return;
    }
    assertThat(run(List.of(program.toString(), mode))).isIn(expected, -1);
  }
}
