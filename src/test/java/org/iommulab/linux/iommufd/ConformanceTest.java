package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The conformance cases, each a script on the mock IOMMU named by the cases in it, and more. */
final class ConformanceTest {

  private static final Path CASES = Path.of("src/test/resources/conformance");

  /** What the cases leave out: files in memory, accounting, page requests, batches. */
  private static final Path MORE = Path.of("src/test/resources/iommufd");

  static Stream<Path> scripts() throws IOException {
    return Stream.concat(Files.list(CASES).sorted(), Files.list(MORE).sorted());
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyExpectationHolds(Path file) {
    Reading<Script> reading = Script.read(file);
    assertThat(reading).isInstanceOf(Reading.Good.class);
    if (!(reading instanceof Reading.Good<Script>(Script script))) {
      return;
    }
    var lab = new Laboratory();
    int expectations = 0;
    for (int i = 0; i < script.commands().size(); i++) {
      Command command = script.commands().get(i);
      Result result = lab.execute(command);
      assertThat(result).as("operation %d: %s", i, command).isNotInstanceOf(Result.Refused.class);
      if (command instanceof Command.Expect) {
        expectations++;
        assertThat(result.succeeded())
            .as("operation %d: %s gives %s", i, command.toJson(), result)
            .isTrue();
      }
    }
    assertThat(expectations).isPositive();
  }

  @Test
  void everyCaseHasAScript() throws IOException {
    Optional<Path> cases = Shared.file("conformance/iommufd-cases.md");
    if (cases.isEmpty()) {
      return;
    }
    var wanted =
        Files.readAllLines(cases.get()).stream()
            .filter(line -> line.matches("\\| [A-G]-?\\d+ \\|.*"))
            .map(line -> line.split("\\|")[1].strip())
            .toList();
    var written =
        Files.list(CASES)
            .map(file -> file.getFileName().toString().replace(".jsonl", ""))
            .flatMap(name -> Arrays.stream(name.split("_")))
            .toList();
    assertThat(written).containsExactlyInAnyOrderElementsOf(wanted);
  }
}
