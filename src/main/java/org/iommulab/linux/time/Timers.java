package org.iommulab.linux.time;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Timers that wait for virtual time. They fire in order of their deadlines, equal ones in order of
 * creation, and only inside {@link #runDue()}; while one fires, {@link #now()} is its deadline. So
 * a leap of the clock has the same effects as many small steps.
 */
public final class Timers {

  /** A timer that has not fired; it is spent once it has. */
  public static final class Timer {
    private final long deadlineNs;
    private final long serial;
    private final Runnable action;

    private Timer(long deadlineNs, long serial, Runnable action) {
      this.deadlineNs = deadlineNs;
      this.serial = serial;
      this.action = action;
    }

    /** When it fires, in nanoseconds of virtual time. */
    public long deadlineNs() {
      return deadlineNs;
    }
  }

  private static final Comparator<Timer> ORDER =
      Comparator.<Timer>comparingLong(timer -> timer.deadlineNs)
          .thenComparingLong(timer -> timer.serial);

  private final LongSupplier clock;
  private final TreeSet<Timer> pending = new TreeSet<>(ORDER);
  private long created;
  private long firingAt = Long.MIN_VALUE;

  /**
   * @param clock virtual time in nanoseconds; never goes back
   */
  public Timers(LongSupplier clock) {
    this.clock = clock;
  }

  /** Virtual time in nanoseconds; inside a timer's action, the moment it was due. */
  public long now() {
    return firingAt == Long.MIN_VALUE ? clock.getAsLong() : firingAt;
  }

  /** Runs {@code action} once, {@code delayNs} from now. */
  public Timer after(long delayNs, Runnable action) {
    var timer = new Timer(now() + delayNs, created++, action);
    pending.add(timer);
    return timer;
  }

  /** Takes a timer back; false if it has fired or was taken back before. */
  public boolean cancel(Timer timer) {
    return pending.remove(timer);
  }

  /** Fires every timer that is due, also those set by others on the way. */
  public void runDue() {
    if (firingAt != Long.MIN_VALUE) {
      return;
    }
    long end = clock.getAsLong();
    try {
      while (!pending.isEmpty() && pending.first().deadlineNs <= end) {
        Timer timer = pending.removeFirst();
        firingAt = timer.deadlineNs;
        timer.action.run();
      }
    } finally {
      firingAt = Long.MIN_VALUE;
    }
  }

  /** When the next timer fires, in nanoseconds of virtual time. */
  public OptionalLong nextDeadline() {
    return pending.isEmpty() ? OptionalLong.empty() : OptionalLong.of(pending.first().deadlineNs);
  }
}
