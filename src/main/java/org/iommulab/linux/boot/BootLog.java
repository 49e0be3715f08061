package org.iommulab.linux.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The kernel's ring buffer of messages. */
public final class BootLog {

  private final LongSupplier clock;
  private final List<String> lines = new ArrayList<>();

  /** A log stamped by that clock, in nanoseconds. */
  public BootLog(LongSupplier clock) {
    this.clock = clock;
  }

  /** Adds a line. */
  public void print(String text) {
    long micros = clock.getAsLong() / 1000;
    lines.add(
        String.format(Locale.ROOT, "[%5d.%06d] %s", micros / 1_000_000, micros % 1_000_000, text));
  }

  /** All lines, oldest first. */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
