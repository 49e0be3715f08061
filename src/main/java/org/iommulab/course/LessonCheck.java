package org.iommulab.course;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks a lesson: its form, its commands, that every question has one right answer and a word for
 * every wrong one, that no question tells its own answer, that everything shown is there, and that
 * the languages it claims are complete.
 */
public final class LessonCheck {

  private LessonCheck() {}

  /** All that is wrong, by line. */
  public static List<Fault> of(Lesson.Read read) {
    var faults = new ArrayList<>(read.faults());
    read.lesson().ifPresent(lesson -> notes(lesson, faults));
    if (read.faults().isEmpty()) {
      read.lesson().ifPresent(lesson -> carriedOut(lesson, faults));
    }
    faults.sort(Comparator.comparingInt(Fault::line));
    return faults;
  }

  private static void carriedOut(Lesson lesson, List<Fault> faults) {
    LessonRun run = LessonRun.of(lesson);
    faults.addAll(run.faults());
    if (run.faults().isEmpty()) {
      for (Lesson.Step step : lesson.steps()) {
        step.asks().stream()
            .filter(question -> tellsItself(question, run.key()))
            .map(question -> told(step, question, run.key()))
            .forEach(faults::add);
      }
    }
  }

  private static Fault told(Lesson.Step step, Question question, Key key) {
    return new Fault(
        step.line(),
        String.format(
            Locale.ROOT,
            "question \"%s\" tells its own answer, %s",
            question.id(),
            key.words(question, "en")));
  }

  /**
   * Whether the answer stands in the text of the question, however its digits are grouped. A single
   * digit may count something else.
   */
  private static boolean tellsItself(Question question, Key key) {
    String answer = key.words(question, "en").replaceFirst("(?i)^0x", "");
    return question.kind() != Question.Kind.CHOICE
        && answer.length() > 1
        && Pattern.compile(
                "(?<![\\w.])(0x)?" + Pattern.quote(answer) + "(?![\\w.]*\\w)",
                Pattern.CASE_INSENSITIVE)
            .matcher(question.text().in("en").replace("_", ""))
            .find();
  }

  private static void notes(Lesson lesson, List<Fault> faults) {
    for (Lesson.Step step : lesson.steps()) {
      if (step.note() == null) {
        faults.add(
            new Fault(
                step.line(),
                "step \"" + step.id() + "\" has no note: say what to look at and why"));
      }
    }
  }
}
