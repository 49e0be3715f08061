package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every lesson that ships. */
class LessonsTest {

  private static final Pattern SENTENCE_END = Pattern.compile("[.!?](?=\\s|$|[)\"*`])");

  static Stream<Path> course() throws IOException {
    return Files.list(Path.of("presets/course")).sorted();
  }

  static Stream<Path> all() throws IOException {
    return Stream.concat(
        course(),
        Files.list(Path.of("presets")).filter(path -> path.toString().endsWith(".yaml")).sorted());
  }

  @ParameterizedTest
  @MethodSource("all")
  void nothingIsWrongWithIt(Path file) {
    assertThat(LessonCheck.of(Lesson.read(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyTextIsInBothLanguages(Path file) {
    assertThat(Lesson.read(file).lesson().orElseThrow().languages()).isEqualTo(Set.of("en", "zh"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyStepSaysWhatToLookAt(Path file) {
    for (Lesson.Step step : Lesson.read(file).lesson().orElseThrow().steps()) {
      assertThat(step.show()).as(step.id()).isNotEmpty();
      var note = step.note();
      assertThat(note).as(step.id()).isNotNull();
      assertThat((int) SENTENCE_END.matcher(note.in("en")).results().count())
          .as(note.in("en"))
          .isBetween(2, 6);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyQuestionHasAHint(Path file) {
    for (Question question : Lesson.read(file).lesson().orElseThrow().questions()) {
      assertThat(question.hints()).as(question.id()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("course")
  void aLessonOfTheCourseAsksAtLeastEightQuestions(Path file) {
    Lesson lesson = Lesson.read(file).lesson().orElseThrow();
    assertThat(lesson.questions()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(lesson.minutes()).isBetween(20, 40);
    assertThat(lesson.corrects()).isNotNull();
    assertThat(lesson.terms()).isNotEmpty();
  }

  @Test
  void everyFileOfTheCourseIsShipped() throws IOException {
    assertThat(course().map(path -> path.getFileName().toString().replace(".yaml", "")))
        .containsExactlyInAnyOrderElementsOf(Lessons.course().stream().map(Lesson::name).toList());
  }
}
