package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Lesson LESSON = Lessons.named("hardware").orElseThrow();

  private static Journal journal() {
    var lines = new StringBuilder();
    LESSON.steps().getFirst().commands().forEach(c -> lines.append(c.toJson()).append('\n'));
    lines.append(new Command.Checkpoint(LESSON.mark(0)).toJson()).append('\n');
    lines.append(new Command.Answer("gsts", 0L).toJson()).append('\n');
    return switch (Journal.parse("ada", lines.toString())) {
      case Reading.Good<Journal>(Journal good) -> good;
      case Reading.Bad<Journal>(Bilingual sentence) -> throw new AssertionError(sentence);
    };
  }

  private static String report() {
    return report("en");
  }

  private static String report(String language) {
    return switch (Key.of(LESSON)) {
      case Reading.Good<Key>(Key key) ->
          Report.of(
              key,
              journal(),
              List.of(new Report.Picture(0, "step-01.png")),
              List.of(new Report.Table("Faults", List.of("a", "b"), List.of(List.of("1", "x|y")))),
              language);
      case Reading.Bad<Key>(Bilingual sentence) -> throw new AssertionError(sentence);
    };
  }

  @Test
  void wordsPicturesAnswersAndCommandsAreTold() {
    assertThat(report())
        .contains("# The unit by hand", "## 1. Write an address", "![](step-01.png)")
        .contains("- ✗ 0x0 The unit confirms a command", "- → 0x40000000")
        .contains("| 1 | x\\|y |", "{\"op\":\"answer\",\"question\":\"gsts\",\"value\":0}");
  }

  /** All that is ours is said in the language that is asked for. */
  @Test
  void itIsInOneLanguage() {
    assertThat(report("zh"))
        .contains("题一次答对", "## 命令")
        .doesNotContain("right at once", "## Commands", "hints:");
  }

  @Test
  void thePageHasNoMarkupOfOthers() {
    assertThat(Report.html("a<b>", "text <script>alert(1)</script>"))
        .contains("<title>a&lt;b&gt;</title>")
        .doesNotContain("<script>");
  }
}
