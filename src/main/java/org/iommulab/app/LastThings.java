package org.iommulab.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.application.Platform;

/**
 * What the program does when it ends: remembers the window, then takes its session away. Being told
 * to end, by {@code kill} or at the end of a working day, is as good an end as closing the window.
 */
final class LastThings {

  /** The window may be busy; that must not keep the system from going down. */
  private static final long LONGEST_MS = 1000;

  private final Runnable remember;
  private final Runnable end;
  private final AtomicBoolean begun = new AtomicBoolean();

  LastThings(Runnable remember, Runnable end) {
    this.remember = remember;
    this.end = end;
  }

  /** The window is being closed; on the JavaFX thread. */
  void closed() {
    if (!begun.getAndSet(true)) {
      remember.run();
      end.run();
    }
  }

  /** The program was told to end; from any other thread. */
  void told() {
    if (!begun.getAndSet(true)) {
      rememberIfPossible();
      end.run();
    }
  }

  private void rememberIfPossible() {
    var remembered = new CountDownLatch(1);
    try {
      Platform.runLater(
          () -> {
            remember.run();
            remembered.countDown();
          });
      // A window that does not answer in time keeps what it remembered before.
      var unused = remembered.await(LONGEST_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // There is no window any more.
    }
  }
}
