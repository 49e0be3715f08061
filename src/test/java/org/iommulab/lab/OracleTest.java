package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.testing.Shared;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The unit agrees with QEMU, step for step, on every program of the oracle. */
class OracleTest {

  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @CsvSource({
    "qemu-7.2, oracle/cases, oracle/expected",
    "qemu-7.2, oracle/random/programs, oracle/random/results",
    "qemu-11.1, oracle11/cases, oracle11/expected",
    "qemu-11.1, oracle11/random/programs, oracle11/random/results",
    "qemu-11.1, oracle/cases, oracle11/old/expected",
    "qemu-11.1, oracle/random/programs, oracle11/old/results"
  })
  void programsAgree(String profile, String programs, String results) throws IOException {
    Optional<Path> programFolder = Shared.folder(programs);
    Optional<Path> resultFolder = Shared.folder(results);
    if (programFolder.isEmpty() || resultFolder.isEmpty()) {
      return;
    }
    var differing = new ArrayList<String>();
    for (Path program : files(programFolder.get())) {
      List<JsonNode> expected = lines(resultFolder.get().resolve(program.getFileName().toString()));
      List<String> differences =
          new OracleComparison(lines(program), expected, run(profile, program)).differences();
      if (!differences.isEmpty()) {
        differing.add(program.getFileName() + "\n  " + String.join("\n  ", differences));
      }
    }
    assertThat(differing).isEmpty();
  }

  /**
   * The result line of each operation as {@code iommu-lab run} prints it; null where it has none.
   */
  private static List<ObjectNode> run(String profile, Path program) {
    Script script =
        switch (Script.read(program)) {
          case Reading.Good<Script>(Script read) -> read;
          case Reading.Bad<Script>(Bilingual sentence) -> fail(sentence.english());
        };
    var laboratory = new Laboratory(profile);
    var results = new ArrayList<ObjectNode>();
    for (Command command : script.commands()) {
      String line = laboratory.execute(command).line(results.size(), command.op());
      results.add(line.isEmpty() ? null : (ObjectNode) JSON.readTree(line));
    }
    return results;
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank())
        .map(JSON::readTree)
        .toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var list = Files.list(folder)) {
      return list.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }
}
