package org.iommulab.ui.player;

import com.google.inject.Inject;
import java.time.Duration;
import javafx.animation.PauseTransition;

/** Real time. */
public final class TimelineClock implements PlayClock {

  private final PauseTransition pause = new PauseTransition();

  @Inject
  public TimelineClock() {}

  @Override
  public void after(Duration time, Runnable next) {
    pause.stop();
    pause.setDuration(javafx.util.Duration.millis(time.toMillis()));
    pause.setOnFinished(event -> next.run());
    pause.playFromStart();
  }

  @Override
  public void stop() {
    pause.stop();
  }
}
