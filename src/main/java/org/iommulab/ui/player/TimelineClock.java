package org.iommulab.ui.player;

import com.google.inject.Inject;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.util.Duration;

/** A beat every second and a half: time to read one line. */
public final class TimelineClock implements PlayClock {

  private static final Duration BEAT = Duration.millis(1500);

  private final Timeline timeline = new Timeline();

  @Inject
  public TimelineClock() {
    timeline.setCycleCount(Animation.INDEFINITE);
  }

  @Override
  public void start(Runnable beat) {
    timeline.getKeyFrames().setAll(new KeyFrame(BEAT, event -> beat.run()));
    timeline.playFromStart();
  }

  @Override
  public void stop() {
    timeline.stop();
  }
}
