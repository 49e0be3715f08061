package org.iommulab.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.Test;

/** The unit agrees with QEMU, step for step, on every program of the oracle. */
class OracleTest {

  @Test
  void directedProgramsAgree() throws IOException {
    compare("oracle/cases", "oracle/expected");
  }

  @Test
  void randomProgramsAgree() throws IOException {
    compare("oracle/random/programs", "oracle/random/results");
  }

  private static void compare(String programs, String results) throws IOException {
    Optional<Path> programFolder = Shared.folder(programs);
    Optional<Path> resultFolder = Shared.folder(results);
    if (programFolder.isEmpty() || resultFolder.isEmpty()) {
      return;
    }
    var differing = new ArrayList<String>();
    for (Path program : files(programFolder.get())) {
      var operations = OracleProgram.lines(program);
      var expected =
          OracleProgram.lines(resultFolder.get().resolve(program.getFileName().toString()));
      var differences =
          new OracleComparison(operations, expected, OracleProgram.run(operations)).differences();
      if (!differences.isEmpty()) {
        differing.add(program.getFileName() + "\n  " + String.join("\n  ", differences));
      }
    }
    assertThat(differing).isEmpty();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var list = Files.list(folder)) {
      return list.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }
}
