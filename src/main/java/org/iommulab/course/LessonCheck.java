package org.iommulab.course;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Checks a lesson: its form, its commands, that every question has one right answer and a word for
 * every wrong one, that everything shown is there, and that the languages it claims are complete.
 */
public final class LessonCheck {

  private LessonCheck() {}

  /** All that is wrong, by line. */
  public static List<Fault> of(Lesson.Read read) {
    var faults = new ArrayList<>(read.faults());
    read.lesson().ifPresent(lesson -> notes(lesson, faults));
    if (read.faults().isEmpty()) {
      read.lesson().ifPresent(lesson -> faults.addAll(LessonRun.of(lesson).faults()));
    }
    faults.sort(Comparator.comparingInt(Fault::line));
    return faults;
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
