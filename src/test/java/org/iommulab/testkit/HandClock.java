package org.iommulab.testkit;

import java.time.Duration;
import org.iommulab.ui.player.PlayClock;
import org.jspecify.annotations.Nullable;

/** The clock that presets and lessons play by; it moves when a test says so. */
public final class HandClock implements PlayClock {

  private @Nullable Runnable waiting;

  @Override
  public void after(Duration time, Runnable next) {
    waiting = next;
  }

  @Override
  public void stop() {
    waiting = null;
  }

  /** Tells whether something plays. */
  public boolean isRunning() {
    return waiting != null;
  }

  /**
   * The time that is waited for has passed; call it on the JavaFX thread, or use {@link
   * LabWindow#tick}.
   */
  void tick() {
    Runnable next = waiting;
    waiting = null;
    if (next != null) {
      next.run();
    }
  }
}
