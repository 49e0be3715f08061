package org.iommulab.ui.player;

import java.time.Duration;

/** Lets time pass while a preset or a lesson plays; tests bring their own. */
public interface PlayClock {

  /** Calls {@code next} once on the JavaFX thread after that time, unless stopped before. */
  void after(Duration time, Runnable next);

  /** Calls nothing any more. */
  void stop();
}
