package org.iommulab.ui;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work at a time. The turn is given back however the work ends, so that nothing waits
 * for ever for work that failed. Belongs to the JavaFX thread.
 */
public final class Turn {

  /** Work that runs what it is given when it is over. */
  public interface Work extends Consumer<Runnable> {}

  private boolean taken;
  private @Nullable Work waiting;

  /** Whether work is under way. */
  public boolean isTaken() {
    return taken;
  }

  /** Starts work unless some is under way. */
  public void tryNow(Work work) {
    if (!taken) {
      start(work);
    }
  }

  /** Starts work now, or after what is under way; of several that wait only the latest is done. */
  public void now(Work work) {
    if (taken) {
      waiting = work;
    } else {
      start(work);
    }
  }

  private void start(Work work) {
    taken = true;
    boolean started = false;
    try {
      work.accept(this::giveBack);
      started = true;
    } finally {
      if (!started) {
        giveBack();
      }
    }
  }

  private void giveBack() {
    taken = false;
    Work next = waiting;
    waiting = null;
    if (next != null) {
      start(next);
    }
  }
}
