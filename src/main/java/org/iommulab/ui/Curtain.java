package org.iommulab.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds back what a new state changes in the window until all of it is there, so that the window
 * changes at once and not piece by piece. Belongs to the JavaFX thread.
 */
final class Curtain {

  /** Longest that anything is held back, in milliseconds: what takes longer comes by itself. */
  static final long LONGEST_MS = 100;

  private final List<Runnable> answers = new ArrayList<>();
  private final List<Runnable> after = new ArrayList<>();
  private int awaited;
  private boolean complete;
  private boolean raised;

  /** One more answer belongs to it. */
  void await() {
    awaited++;
  }

  /** An answer is there. */
  void answered(Runnable show) {
    awaited--;
    if (raised) {
      show.run();
    } else {
      answers.add(show);
      raiseIfAllThere();
    }
  }

  /** Something is shown after the answers, or now if they are on show. */
  void afterwards(Runnable show) {
    if (raised) {
      show.run();
    } else {
      after.add(show);
    }
  }

  /** No more answers belong to it than those that are awaited. */
  void complete() {
    complete = true;
    raiseIfAllThere();
  }

  private void raiseIfAllThere() {
    if (complete && awaited == 0) {
      raise();
    }
  }

  /** Shows what is there; what comes later is shown as it comes. */
  void raise() {
    if (!raised) {
      raised = true;
      answers.forEach(Runnable::run);
      after.forEach(Runnable::run);
      answers.clear();
      after.clear();
    }
  }
}
