package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page for teachers says is so. */
class TeachingTest {

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/teaching.md"));
  }

  @Test
  void theLessonInThePageIsSound() throws IOException {
    var yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page());
    assertThat(yaml.find()).isTrue();
    assertThat(LessonCheck.of(Lesson.parse("page", yaml.group(1)))).isEmpty();
  }

  @Test
  void everyLessonOfThePlanIsShipped() throws IOException {
    for (Lesson lesson : Lessons.course()) {
      assertThat(page()).contains("`" + lesson.name() + "`");
    }
  }

  @Test
  void everyPaneAndKeyOfAShowIsNamed() throws IOException {
    for (String pane : Show.PANES) {
      assertThat(page()).contains("`" + pane + "`");
    }
    for (String key : Show.KEYS) {
      assertThat(page().contains("`" + key + "`") || key.equals("bits")).as(key).isTrue();
    }
  }
}
