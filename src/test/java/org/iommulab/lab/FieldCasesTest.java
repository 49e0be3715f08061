package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
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
        "04-iova-beyond-39-bits/era-5.4",
        "04-iova-beyond-39-bits/era-6.12",
        "06-untrusted-scatter-list/input",
        "06-untrusted-scatter-list/unaligned",
        "08-group-rmrr-reserved/input",
        "08-group-rmrr-reserved/first-has-it",
        "08-group-rmrr-reserved/era-7.1",
        "10-unmap-into-large-page/input",
        "11-first-stage-mgaw/input",
        "11-first-stage-mgaw/classic",
        "16-pasid-iotlb-mask/input",
        "44-silent-device-tlb/input",
        "linux-7.3/first-stage-canonical",
        "linux-7.3/ih-612",
        "linux-7.3/no-rmrr-when-off",
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
