package org.iommulab.ui.player;

/** Beats while a preset plays; tests bring their own. */
public interface PlayClock {

  /** Calls {@code beat} on the JavaFX thread, again and again, until stopped. */
  void start(Runnable beat);

  /** No more beats. */
  void stop();
}
