package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Reading;
import org.iommulab.lab.script.Result;
import org.iommulab.lab.script.Script;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lessons as scripts: each line is carried out, each expectation holds. */
final class LessonScriptsTest {

  @ParameterizedTest
  @ValueSource(strings = {"introduction", "swiotlb", "enabling", "initialisation", "coherent"})
  void everyExpectationHolds(String lesson) throws IOException {
    String name = "lessons/" + lesson + ".jsonl";
    Reading<Script> reading = Script.parse(name, text("/" + name));
    assertThat(reading).isInstanceOf(Reading.Good.class);
    if (!(reading instanceof Reading.Good<Script>(Script script))) {
      return;
    }
    var lab = new Laboratory();
    int line = 0;
    for (Command command : script.commands()) {
      line++;
      Result result = lab.execute(command);
      assertThat(result).as("%s line %d", name, line).isNotInstanceOf(Result.Refused.class);
      if (command instanceof Command.Expect) {
        assertThat(result.succeeded())
            .as("%s line %d: %s gives %s", name, line, command.toJson(), result)
            .isTrue();
      }
    }
  }

  private static String text(String name) throws IOException {
    try (InputStream in = LessonScriptsTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
