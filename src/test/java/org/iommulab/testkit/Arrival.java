package org.iommulab.testkit;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javafx.event.EventHandler;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Window;

/**
 * That a key came up again in one of the windows. A robot is done when the display server has its
 * key; on a busy machine that is long before the window has it.
 */
final class Arrival {

  /** Longer than any display server needs; after it the key went to no window of ours. */
  private static final int SECONDS = 5;

  private final CompletableFuture<KeyCode> arrived = new CompletableFuture<>();
  private final EventHandler<KeyEvent> seen;
  private final List<Window> windows;

  private Arrival(KeyCode key) {
    seen =
        event -> {
          if (event.getCode() == key) {
            arrived.complete(key);
          }
        };
    windows =
        LabWindow.read(
            () -> {
              List<Window> open = List.copyOf(Window.getWindows());
              open.forEach(window -> window.addEventFilter(KeyEvent.KEY_RELEASED, seen));
              return open;
            });
  }

  static Arrival of(KeyCode key) {
    return new Arrival(key);
  }

  /** Presses it and waits until it came. */
  void await(Runnable gesture) {
    gesture.run();
    arrived.completeOnTimeout(null, SECONDS, TimeUnit.SECONDS).join();
    LabWindow.read(
        () -> {
          windows.forEach(window -> window.removeEventFilter(KeyEvent.KEY_RELEASED, seen));
          return true;
        });
  }
}
