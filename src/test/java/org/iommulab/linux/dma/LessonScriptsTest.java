package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lessons as scripts: each line is carried out, each expectation holds. */
final class LessonScriptsTest {

  /** The course: sections 1 to 7, and the number of steps each has. */
  private record Lesson(int section, String name, int steps) {}

  private static final List<Lesson> COURSE =
      List.of(
          new Lesson(1, "introduction", 7),
          new Lesson(2, "swiotlb", 8),
          new Lesson(3, "hardware", 8),
          new Lesson(4, "enabling", 7),
          new Lesson(5, "initialisation", 8),
          new Lesson(6, "coherent", 8),
          new Lesson(7, "chain", 8));

  static Stream<String> scripts() {
    return Stream.concat(
        COURSE.stream().map(Lesson::name), Stream.of("enabling-table", "dma-options"));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyExpectationHolds(String lesson) throws IOException {
    var lab = new Laboratory();
    int line = 0;
    for (Command command : script(lesson).commands()) {
      line++;
      Result result = lab.execute(command);
      assertThat(result).as("%s line %d", lesson, line).isNotInstanceOf(Result.Refused.class);
      if (command instanceof Command.Expect) {
        assertThat(result.succeeded())
            .as("%s line %d: %s gives %s", lesson, line, command.toJson(), result)
            .isTrue();
      }
    }
  }

  @Test
  void everySectionHasAScriptWithAllItsStepsAndBothWaysToBreakIt() throws IOException {
    for (Lesson lesson : COURSE) {
      List<String> notes = notes(lesson.name());
      assertThat(notes.getFirst()).startsWith("Lesson " + lesson.section() + ":");
      for (int step = 1; step <= lesson.steps(); step++) {
        String start = "Step " + step + ".";
        assertThat(notes).as(lesson.name()).anyMatch(note -> note.startsWith(start));
      }
      assertThat(notes)
          .as(lesson.name())
          .anyMatch(note -> note.startsWith("Break it (i)."))
          .anyMatch(note -> note.startsWith("Break it (ii)."));
    }
  }

  @Test
  void theDecisionTableHasAllItsRows() throws IOException {
    List<String> notes = notes("enabling-table");
    for (int row = 1; row <= 20; row++) {
      String start = "Row " + row + ".";
      assertThat(notes).anyMatch(note -> note.startsWith(start));
    }
  }

  @Test
  void nothingIsDoneWithoutBeingCheckedBeforeTheNextStep() throws IOException {
    for (Lesson lesson : COURSE) {
      boolean checked = true;
      for (Command command : script(lesson.name()).commands()) {
        if (command instanceof Command.Note note && note.text().startsWith("Step")) {
          assertThat(checked).as("%s before: %s", lesson.name(), note.text()).isTrue();
          checked = false;
        }
        checked |= command instanceof Command.Expect;
      }
      assertThat(checked).as(lesson.name()).isTrue();
    }
  }

  private static List<String> notes(String lesson) throws IOException {
    return script(lesson).commands().stream()
        .filter(Command.Note.class::isInstance)
        .map(note -> ((Command.Note) note).text())
        .toList();
  }

  private static Script script(String lesson) throws IOException {
    String name = "lessons/" + lesson + ".jsonl";
    Reading<Script> reading = Script.parse(name, text("/" + name));
    if (reading instanceof Reading.Good<Script>(Script script)) {
      return script;
    }
    throw new AssertionError(reading.toString());
  }

  private static String text(String name) throws IOException {
    try (InputStream in = LessonScriptsTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
