package org.iommulab.ui.player;

import java.time.Duration;
import org.iommulab.lab.script.Preset;
import org.iommulab.words.Bilingual;

/** How long a step stands while it plays by itself: time to look and to read it. */
final class ReadingTime {

  /** Time to look at the picture before reading. */
  static final Duration LOOK = Duration.ofSeconds(3);

  private static final int WORDS_A_MINUTE = 180;
  private static final int SIGNS_A_MINUTE = 300;

  private ReadingTime() {}

  /**
   * Time for a step.
   *
   * @param pace how much faster than an ordinary reader, 1 being as fast
   */
  static Duration of(Preset.Step step, String language, double pace) {
    Bilingual note = step.note() == null ? Bilingual.same("") : step.note();
    Duration time = LOOK.plus(of(step.title().in(language) + " " + note.in(language)));
    return Duration.ofMillis(Math.round(time.toMillis() / pace));
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
