package org.iommulab.ui.player;

import java.time.Duration;
import java.util.Optional;
import org.iommulab.course.Lesson;
import org.iommulab.course.Phrase;

/** How long a step stands while a lesson plays by itself: time to read it and look. */
final class ReadingTime {

  /** A preset says one line a step. */
  private static final Duration ONE_LINE = Duration.ofMillis(1500);

  /** Time to look at the picture before reading. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  private static final int WORDS_A_MINUTE = 180;
  private static final int SIGNS_A_MINUTE = 300;

  private ReadingTime() {}

  /** Time for the step done last. */
  static Duration of(Optional<Lesson> lesson, int done, String language) {
    if (lesson.isEmpty() || done < 1) {
      return ONE_LINE;
    }
    Lesson.Step step = lesson.get().steps().get(done - 1);
    Phrase note = step.note() == null ? step.title() : step.note();
    return LOOK.plus(of(step.title().in(language) + " " + note.in(language)));
  }

  /** Time to read a text: Chinese by its signs, everything else by its words. */
  static Duration of(String text) {
    long signs = text.codePoints().filter(Character::isIdeographic).count();
    long words = text.isBlank() ? 0 : text.strip().split("\\s+").length;
    long seconds =
        signs > words
            ? Math.ceilDiv(signs * 60, SIGNS_A_MINUTE)
            : Math.ceilDiv(words * 60, WORDS_A_MINUTE);
    return Duration.ofSeconds(seconds);
  }
}
