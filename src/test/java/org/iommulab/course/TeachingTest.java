package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page for teachers says is so. */
class TeachingTest {

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/teaching.md"));
  }

  private static String page(String file) throws IOException {
    return Files.readString(Path.of(file)).replaceAll("\\s+", " ");
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

  @Test
  void menusAreNamedAsTheyAre() throws IOException {
    var labels = new Properties();
    try (Reader reader =
        Files.newBufferedReader(
            Path.of("src/main/resources/org/iommulab/ui/messages.properties"))) {
      labels.load(reader);
    }
    for (String file : List.of("README.md", "docs/teaching.md", "docs/ui-testing.md")) {
      var menus = Pattern.compile("\\*(\\w+) [›>] ([^*]+)\\*").matcher(page(file));
      while (menus.find()) {
        assertThat(labels.values()).as(file).contains(menus.group(1), menus.group(2));
      }
    }
  }
}
