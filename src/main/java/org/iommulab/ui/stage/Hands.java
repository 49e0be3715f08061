package org.iommulab.ui.stage;

import java.util.stream.IntStream;

/** How many hands of a class went up for each option, and the option whose hands are typed. */
final class Hands {

  /** More people do not fit into a lecture hall. */
  static final int MOST = 9999;

  private static final int NONE = -1;

  private final int[] counts;
  private int current = NONE;

  /** Whether the next digit begins a number. */
  private boolean fresh;

  Hands(int options) {
    counts = new int[options];
  }

  /** Begins with the first option. */
  void begin() {
    move(0);
  }

  /** Ends the counting; what was counted stays. */
  void end() {
    current = NONE;
  }

  boolean isCounting() {
    return current != NONE;
  }

  /** Whether the hands of this option, from 0, are typed now. */
  boolean isCurrent(int option) {
    return option == current;
  }

  /** A digit of the number for the current option. */
  void type(int digit) {
    set((fresh ? 0 : counts[current]) * 10 + digit);
    fresh = false;
  }

  /** Takes the last digit back. */
  void erase() {
    set(counts[current] / 10);
    fresh = false;
  }

  /** One hand more, or fewer. */
  void add(int hands) {
    set(counts[current] + hands);
    fresh = true;
  }

  /** Goes on by so many options; behind the last one the counting ends. */
  void move(int options) {
    current = Math.max(0, (current == NONE ? 0 : current) + options);
    fresh = true;
    if (current >= counts.length) {
      end();
    }
  }

  private void set(int hands) {
    if (hands <= MOST) {
      counts[current] = Math.max(0, hands);
    }
  }

  /** Hands for an option. */
  int count(int option) {
    return counts[option];
  }

  /** Whether any hand was counted. */
  boolean isAny() {
    return IntStream.of(counts).sum() > 0;
  }

  /** The share of an option, 0 to 1. */
  double share(int option) {
    return isAny() ? (double) counts[option] / IntStream.of(counts).sum() : 0;
  }
}
