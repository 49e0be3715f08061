package org.iommulab.ui.prose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.course.Question;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;

/** What is written in Markdown is shown as it was meant. */
final class ProseTest {

  /** Marks beside Chinese punctuation do not count as marks, and are shown as they stand. */
  @Test
  void noMarkOfALessonIsLeftStanding() {
    var left = new TreeSet<String>();
    for (Lesson lesson : Lessons.all()) {
      for (Bilingual phrase : phrases(lesson)) {
        for (String language : List.of("en", "zh")) {
          Parser.builder()
              .build()
              .parse(phrase.in(language))
              .accept(
                  new AbstractVisitor() {
                    @Override
                    public void visit(Text words) {
                      if (words.getLiteral().contains("*") || words.getLiteral().contains("`")) {
                        left.add(lesson.name() + " " + language + ": " + words.getLiteral());
                      }
                    }
                  });
        }
      }
    }
    assertThat(left).isEmpty();
  }

  @Test
  void chineseWordsAreNotPartedWhereTheFileBreaksALine() {
    assertThat(Prose.joined("第一句。 第二句 `GSTS` 是 0。 End of it."))
        .isEqualTo("第一句。第二句 `GSTS` 是 0。 End of it.");
  }

  private static List<Bilingual> phrases(Lesson lesson) {
    var all = new ArrayList<Bilingual>(List.of(lesson.title(), lesson.goal()));
    for (Lesson.Step step : lesson.steps()) {
      all.add(step.title());
      if (step.note() != null) {
        all.add(step.note());
      }
      if (step.why() != null) {
        all.add(step.why());
      }
      for (Question question : step.asks()) {
        all.add(question.text());
        question.options().forEach(option -> all.add(option.text()));
        all.addAll(question.hints());
        all.addAll(question.unless().values());
      }
    }
    return all;
  }
}
