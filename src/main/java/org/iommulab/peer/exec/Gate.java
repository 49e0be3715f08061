package org.iommulab.peer.exec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where calls of programs pass one by one, or wait: all of them while it is closed, one at a time
 * when it is stepped, and those at which it is to stop. Any thread may call any method.
 */
public final class Gate {

  private boolean closed;
  private boolean forward;
  private int free;
  private List<CallMatch> stops = List.of();
  private @Nullable ProgramCall waiting;
  private Runnable onChange = () -> {};

  /** Who is told when something about it changes, on whatever thread that happens. */
  public synchronized void listen(Runnable listener) {
    onChange = listener;
  }

  /** Lets the next call wait. */
  public void pause() {
    change(
        () -> {
          closed = true;
          free = 0;
        });
  }

  /** Lets one call pass. */
  public void step() {
    change(
        () -> {
          closed = true;
          free = 1;
          forward = true;
        });
  }

  /** Lets calls pass until one is to stop. */
  public void goOn() {
    change(
        () -> {
          closed = false;
          // The one that waits has been stopped already.
          free = waiting == null ? 0 : 1;
          forward = true;
        });
  }

  /** At which calls it stops. */
  public synchronized void setStops(List<CallMatch> matches) {
    stops = List.copyOf(matches);
  }

  /** Whether calls wait. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** The call that waits, or null. */
  public synchronized @Nullable ProgramCall waiting() {
    return waiting;
  }

  private void change(Runnable what) {
    Runnable told;
    synchronized (this) {
      what.run();
      notifyAll();
      told = onChange;
    }
    told.run();
  }

  // ---- the supervisor's side
  // ---------------------------------------------------------------------

  /** Tells whether a call may be carried out now; if not, it is the one that waits. */
  boolean admits(ProgramCall call, String process) {
    synchronized (this) {
      if (free > 0) {
        free--;
        waiting = null;
        return true;
      }
      boolean stopped =
          stops.stream().anyMatch(stop -> !stop.asksHowItEnds() && stop.fitsBefore(call, process));
      if (!closed && !stopped) {
        waiting = null;
        return true;
      }
      closed = true;
      waiting = call;
    }
    change(() -> {});
    return false;
  }

  /** A call has ended; the next one waits if it is one to stop at. */
  void ended(ProgramCall call, String process, @Nullable String errno) {
    boolean stop;
    synchronized (this) {
      stop =
          !closed
              && errno != null
              && stops.stream()
                  .anyMatch(one -> one.asksHowItEnds() && one.fits(call, process, errno));
    }
    if (stop) {
      pause();
    }
  }

  /** Whoever waited has gone. */
  void forget() {
    change(() -> waiting = null);
  }

  /** Tells whether anything has to be found out about calls. */
  synchronized boolean looks() {
    return closed || !stops.isEmpty() || waiting != null;
  }

  /** Tells whether nothing may pass now. */
  synchronized boolean isShut() {
    return closed && free == 0;
  }

  /** Tells, once, whether it was said to go on: whoever looks at the past comes back for that. */
  synchronized boolean takeForward() {
    boolean is = forward;
    forward = false;
    return is;
  }

  /** Waits until something changes while nothing may pass, so long at most. */
  synchronized void rest(int milliseconds) {
    if (isShut()) {
      try {
        wait(milliseconds);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
