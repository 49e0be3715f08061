package org.iommulab.linux.boot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The kernel's ring buffer of messages. */
public final class BootLog {

  /** {@code DEFAULT_RATELIMIT_INTERVAL}, in nanoseconds. */
  private static final long INTERVAL = 5_000_000_000L;

  /** {@code DEFAULT_RATELIMIT_BURST}. */
  private static final int BURST = 10;

  private final LongSupplier clock;
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Limit> limits = new HashMap<>();
  private final Set<String> said = new HashSet<>();

  /** A message, and whether it was printed or held back by a limit. */
  private record Line(String text, boolean printed) {}

  /** {@code struct ratelimit_state}. */
  private static final class Limit {
    private long begin;
    private int passed;
    private int missed;

    Limit(long begin) {
      this.begin = begin;
    }
  }

  /** A log stamped by that clock, in nanoseconds. */
  public BootLog(LongSupplier clock) {
    this.clock = clock;
  }

  /** Adds a line. */
  public void print(String text) {
    add(text, true);
  }

  private void add(String text, boolean printed) {
    long micros = clock.getAsLong() / 1000;
    lines.add(
        new Line(
            String.format(
                Locale.ROOT, "[%5d.%06d] %s", micros / 1_000_000, micros % 1_000_000, text),
            printed));
  }

  /**
   * Asks a function's limit whether it may print now ({@code __ratelimit()}): ten times in five
   * seconds. The first one to ask after that is told of those that were refused by a line.
   */
  public boolean allows(String function) {
    return allows(function, "");
  }

  /** The same for one of several places in a function, each of which has a limit of its own. */
  public boolean allows(String function, String place) {
    long now = clock.getAsLong();
    Limit limit = limits.computeIfAbsent(function + place, unused -> new Limit(now));
    if (now - limit.begin > INTERVAL) {
      if (limit.missed > 0) {
        print(function + ": " + limit.missed + " callbacks suppressed");
      }
      limit.begin = now;
      limit.passed = 0;
      limit.missed = 0;
    }
    boolean passes = limit.passed < BURST;
    limit.passed += passes ? 1 : 0;
    limit.missed += passes ? 0 : 1;
    return passes;
  }

  /** Adds a line if the limit allowed it; what it held back only {@link #messages} tell. */
  public void print(String text, boolean allowed) {
    add(text, allowed);
  }

  /** Tells whether something that is said once ({@code pr_warn_once()}) has not been said yet. */
  public boolean isFirst(String site) {
    return said.add(site);
  }

  /** All lines that were printed, oldest first. */
  public List<String> lines() {
    return lines.stream().filter(Line::printed).map(Line::text).toList();
  }

  /** The lines, and among them those that limits held back. */
  public List<String> messages() {
    return lines.stream().map(Line::text).toList();
  }
}
