package org.iommulab.ui.player;

import java.time.Duration;

/**
 * Lets time pass while a preset or a lesson plays, or while a message is read; tests bring their
 * own.
 */
public interface PlayClock {

  /** Whose clock it is, in the window's wiring: that of messages; players have the one without. */
  String OF_MESSAGES = "messages";

  /** Time to notice a text and to read it. */
  static Duration toRead(String text) {
    return ReadingTime.LOOK.plus(ReadingTime.of(text));
  }

  /** Calls {@code next} once on the JavaFX thread after that time, unless stopped before. */
  void after(Duration time, Runnable next);

  /** Calls nothing any more. */
  void stop();
}
