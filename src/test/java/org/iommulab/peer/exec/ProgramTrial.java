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
import java.util.Objects;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Runs programs for tests, and compiles those in C where a compiler is. */
final class ProgramTrial {

  private ProgramTrial() {}

  /** The program whose text lies beside this class; null where there is no compiler. */
  static @Nullable Path compiled(Path folder, String name)
      throws IOException, InterruptedException {
    Path source = folder.resolve(name + ".c");
    try (InputStream text = ProgramTrial.class.getResourceAsStream(name + ".c")) {
      Files.copy(Objects.requireNonNull(text), source);
    }
    return compiled(source, folder.resolve(name));
  }

  /** A program of that text; null where there is no compiler. */
  static @Nullable Path compiled(Path source, Path program) throws InterruptedException {
    try {
      int code =
          new ProcessBuilder("cc", "-O1", "-pthread", "-o", program.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(program.resolveSibling("cc.log").toFile())
              .start()
              .waitFor();
      if (code == 0) {
        return program;
      }
    } catch (IOException noCompiler) {
      // Said below.
    }
    System.err.println(
        source.getFileName() + " is not tried: no compiler, or no headers of VFIO here");
    return null;
  }

  private static String execute(Laboratory laboratory, Command command) {
    assertThat(laboratory.execute(command)).isNotInstanceOf(Result.Refused.class);
    return command.toJson() + "\n";
  }

  /** A laboratory that a program can meet, and how its record begins. */
  static Laboratory booted(StringWriter record) {
    var laboratory = new Laboratory("spec");
    record.write(RecordReplay.HEAD + "\n");
    record.write(execute(laboratory, ProgramMachine.board()));
    record.write(execute(laboratory, ProgramMachine.boot(laboratory, "7.3")));
    return laboratory;
  }

  /** Runs a program; its exit code, -1 if this machine forbids that; nothing may be left. */
  static int run(List<String> command) throws IOException {
    var record = new StringWriter();
    Laboratory laboratory = booted(record);
    int code;
    try {
      code = ProgramRun.run(laboratory, command, record);
    } catch (ProgramRun.Failure e) {
      System.err.println("not tried, because of this machine: " + e.getMessage());
      return -1;
    }
    assertThat(laboratory.view().kernel().orElseThrow().leaks()).isEmpty();
    switch (RecordReplay.of(new BufferedReader(new StringReader(record.toString())))) {
      case Reading.Bad<RecordReplay>(Bilingual sentence) -> throw new AssertionError(sentence);
      case Reading.Good<RecordReplay>(RecordReplay replay) -> {
        assertThat(replay.differences()).isEmpty();
        assertThat(replay.laboratory().view().kernel().orElseThrow().leaks()).isEmpty();
      }
    }
    return code;
  }
}
