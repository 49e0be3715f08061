package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetsTest {

  static Stream<Preset> all() {
    return Presets.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyExpectationHolds(Preset preset) {
    var lab = new Laboratory();
    for (Command command : preset.script().commands()) {
      Result result = lab.execute(command);
      assertThat(result).as(command.toJson()).isNotInstanceOf(Result.Refused.class);
      if (result instanceof Result.Checked check) {
        assertThat(check.holds()).as(result.fields().toString()).isTrue();
      }
      assertThat(lab.unclosedCalls()).as(command.toJson()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void goingBackAndForthChangesNothing(Preset preset) {
    var lab = new Laboratory();
    lab.load(preset);
    long[] digests = new long[lab.journal().size() + 1];
    for (int i = lab.journal().size(); i >= 0; i -= 5) {
      lab.rewind(i);
      digests[i] = MemoryDigest.of(lab.view());
    }
    var again = new Laboratory();
    int position = 0;
    for (Command command : preset.script().commands()) {
      again.execute(command);
      position++;
      if (digests[position] != 0) {
        assertThat(MemoryDigest.of(again.view()))
            .as("after %s", position)
            .isEqualTo(digests[position]);
      }
    }
    lab.rewind(position);
    assertThat(MemoryDigest.of(lab.view())).isEqualTo(MemoryDigest.of(again.view()));
    assertThat(lab.view().lastCalls().equals(again.view().lastCalls())).isTrue();
    assertThat(lab.journal()).isEqualTo(again.journal());
  }

  @Test
  void textsExistInBothLanguages() {
    for (Preset preset : Presets.all()) {
      assertThat(preset.title().in("en")).isNotBlank();
      assertThat(preset.title().in("zh_CN")).isNotBlank().isNotEqualTo(preset.title().in("en"));
      assertThat(preset.lesson().in("zh")).contains("## ");
    }
  }

  @Test
  void mistakeInAPresetNamesStepAndCommand() {
    String yaml =
        """
        title: {en: a, zh: b}
        summary: {en: a, zh: b}
        lesson: {en: a, zh: b}
        steps:
          - title: {en: a, zh: b}
            do:
              - {op: reset}
              - {op: rest}
        """;
    assertThat(Preset.parse("p", "p.yaml", yaml))
        .isEqualTo(
            new Reading.Bad<Preset>(
                "p.yaml: step 1, command 2: unknown operation \"rest\"; did you mean \"reset\"?"));
    assertThat(Preset.parse("p", "p.yaml", "title: [")).isInstanceOf(Reading.Bad.class);
    assertThat(Preset.parse("p", "p.yaml", "")).isInstanceOf(Reading.Bad.class);
  }
}
