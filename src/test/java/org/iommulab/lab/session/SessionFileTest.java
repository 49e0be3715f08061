package org.iommulab.lab.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.iommulab.lab.language.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionFileTest {

  @TempDir private Path folder;

  private static List<String> notes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> SessionLines.command(new Command.Note("n" + i)))
        .toList();
  }

  /** A file as a program leaves it that was killed. */
  private Path left(String... more) throws IOException {
    Path path;
    try (SessionFile file = SessionFile.create(folder)) {
      file.append(notes(5));
      path = file.path();
    }
    for (String text : more) {
      Files.writeString(path, text, StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);
    }
    return path;
  }

  private SessionFile onlyOneLeft() {
    List<SessionFile> files = SessionFile.left(folder);
    assertThat(files).hasSize(1);
    return files.getFirst();
  }

  @Test
  void aFileInUseIsNotLeft() throws IOException {
    try (SessionFile file = SessionFile.create(folder)) {
      file.append(notes(1));
      assertThat(SessionFile.left(folder)).isEmpty();
    }
    try (SessionFile left = onlyOneLeft()) {
      assertThat(SessionFile.left(folder)).as("held by the first who asked").isEmpty();
      assertThat(left.read().commands()).hasSize(1);
    }
  }

  /** The name of a file of earlier versions says a process that runs: this one. */
  @Test
  void whoseProcessIdLivesAgainIsLeft() throws IOException {
    Path file = folder.resolve("session-" + ProcessHandle.current().pid() + ".jsonl");
    Files.write(file, notes(3));
    try (SessionFile left = onlyOneLeft()) {
      assertThat(left.read().commands()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"op\":\"note\",\"te", "{", "\u00ff\u00fe", "{\"session\":\"posi"})
  void aTornLastLineLosesOnlyItself(String torn) throws IOException {
    left(torn);
    try (SessionFile file = onlyOneLeft()) {
      KeptSession kept = file.read();
      assertThat(kept.commands()).hasSize(5);
      assertThat(kept.damage()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\n",
        "\0\0\0\0\n",
        "\u00ff\u00fe\n",
        "{\"op\":\"nonsense\"}\n",
        "{\"session\":\"nonsense\"}\n",
        "{\"session\":\"position\",\"at\":6}\n",
        "{\"session\":\"position\",\"at\":-1}\n",
        "{\"session\":\"cut\",\"to\":1e9}\n",
        "{\"session\":\"ground\",\"source\":7}\n",
        "{\"session\":\"place\",\"preset\":\"x\",\"steps\":[[\"a\"]]}\n",
        "[1,2,3]\n"
      })
  void aDamagedLineIsNamedAndTheFilePutAsideWhole(String damage) throws IOException {
    Path path = left(damage, notes(1).getFirst() + "\n");
    byte[] whole = Files.readAllBytes(path);
    try (SessionFile file = onlyOneLeft()) {
      KeptSession kept = file.read();
      assertThat(kept.commands()).hasSize(5);
      assertThat(kept.damage()).isEqualTo(6);
      Path aside = file.putAside();
      assertThat(Files.readAllBytes(aside)).isEqualTo(whole);
      assertThat(SessionFile.left(folder)).as("still held").isEmpty();
      KeptSession again = file.read();
      assertThat(again.damage()).isZero();
      assertThat(again.commands()).isEqualTo(kept.commands());
    }
  }
}
