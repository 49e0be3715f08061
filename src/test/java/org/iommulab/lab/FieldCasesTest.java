package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Reading;
import org.iommulab.lab.script.Result;
import org.iommulab.testing.Shared;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of situations that people met with real kernels: every expectation in them holds. */
class FieldCasesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-vfio-unmap-inside/input",
        "01-vfio-unmap-inside/v2",
        "01-vfio-unmap-inside/claim-5.4",
        "01-vfio-unmap-inside/claim-5.15",
        "01-vfio-unmap-inside/claim-5.19",
        "01-vfio-unmap-inside/claim-6.1",
      })
  void whatTheReportSaysIsWhatHappens(String name) throws IOException {
    Optional<Path> script = Shared.file("field/" + name + ".jsonl");
    if (script.isPresent()) {
      assertThat(missed(script.get())).isEmpty();
    }
  }

  private static List<String> missed(Path script) throws IOException {
    var lab = new Laboratory();
    var missed = new ArrayList<String>();
    for (String line : Files.readAllLines(script)) {
      Reading<Command> reading = Command.parse(line);
      assertThat(reading).as(line).isInstanceOf(Reading.Good.class);
      Result result = lab.execute(((Reading.Good<Command>) reading).value());
      if (result instanceof Result.Refused || line.contains("\"expect\"") && !result.succeeded()) {
        missed.add(line + " " + result.fields());
      }
    }
    return missed;
  }
}
