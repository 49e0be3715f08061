package org.iommulab.ui.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenedTest {

  @TempDir private Path folder;

  @Test
  void aScriptIsAProgram() throws IOException {
    Path file = folder.resolve("good.jsonl");
    Files.writeString(file, "{\"op\":\"machine\"}\n{\"op\":\"reset\"}\n");
    assertThat(Opened.read(List.of(file), List.of()))
        .isInstanceOfSatisfying(
            Opened.Program.class, program -> assertThat(program.script().commands()).hasSize(2));
  }

  @ParameterizedTest
  @CsvSource({
    "bad.jsonl, '{\"op\":\"nonsense\"}'",
    "bad.yaml, 'steps: ]['",
    "bad.elf, 'this is no dump'",
    "empty.bin, ''"
  })
  void whatCannotBeReadGivesOneSentence(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content);
    assertThat(Opened.read(List.of(file), List.of()))
        .isInstanceOfSatisfying(
            Opened.Unreadable.class,
            bad -> assertThat(bad.sentence().english()).isNotBlank().doesNotContain("Exception"));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(Opened.read(List.of(folder.resolve("gone.jsonl")), List.of()))
        .isInstanceOfSatisfying(
            Opened.Unreadable.class,
            bad -> assertThat(bad.sentence().english()).contains("gone.jsonl"));
  }
}
