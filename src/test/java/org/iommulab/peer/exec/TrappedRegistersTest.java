package org.iommulab.peer.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  @BeforeAll
  static void compile() throws IOException, InterruptedException {
    hostile = ProgramTrial.compiled(folder, "hostile");
  }

  @Test
  void programDrivesTheEngineThroughItsMapping() throws IOException {
    int code = ProgramTrial.run(ProgramRunTest.program(TouchesRegisters.class));
    assertThat(code).isIn(42, -1, Tracer.isPossible() ? 42 : 11);
  }

  @Test
  void programSendsAFrameToItself() throws IOException {
    int code = ProgramTrial.run(ProgramRunTest.program(SendsFrame.class));
    assertThat(code).isIn(42, -1, Tracer.isPossible() ? 42 : 11);
  }

  /** The example of {@code docs/real-programs.md}. */
  @Test
  void documentedProgramSendsAFrameToItself() throws IOException, InterruptedException {
    Path example = Path.of("docs", "examples", "frame.c").toAbsolutePath();
    Path program = ProgramTrial.compiled(example, folder.resolve("frame"));
    if (program != null && Tracer.isPossible()) {
      assertThat(ProgramTrial.run(List.of(program.toString()))).isIn(0, -1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "instructions, 0",
    "threads, 0",
    "forks, 0",
    "signals, 0",
    "descriptors, 0",
    "interrupts, 0",
    "power, 0",
    "killed, 137"
  })
  void hostileProgramMeetsADevice(String mode, int expected) throws IOException {
    Path program = hostile;
    if (program == null || !Tracer.isPossible()) {
      return;
    }
    assertThat(ProgramTrial.run(List.of(program.toString(), mode))).isIn(expected, -1);
  }
}
